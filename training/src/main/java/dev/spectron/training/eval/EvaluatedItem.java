package dev.spectron.training.eval;

import dev.spectron.training.corpus.CorpusItem;
import java.util.List;

/**
 * One question, what the model made of it, and what it should have made.
 *
 * @param id of the corpus item
 * @param category kind of question
 * @param heldOut whether training never saw the question's fact
 * @param voice of the question
 * @param voiceHeldOut whether training never heard the voice
 * @param question the right transcript
 * @param answer the right answer
 * @param shortAnswer the words of it that decide
 * @param transcript what the model heard
 * @param text what the model answered
 * @param stopped whether the model ended its speech by the stop rule
 * @param lengthRatio duration of the model's speech over that of the reference
 * @param realTimeFactor time of the whole answer over the duration of its speech
 * @param logMelDistance {@link TimeWarping} of the model's frames against the reference
 * @param mostFrequent short answer of the baseline that knows only the category
 * @param heard one element, or none if nothing was judged
 */
public record EvaluatedItem(
    String id,
    String category,
    boolean heldOut,
    String voice,
    boolean voiceHeldOut,
    String question,
    String answer,
    String shortAnswer,
    String transcript,
    String text,
    boolean stopped,
    double lengthRatio,
    double realTimeFactor,
    double logMelDistance,
    String mostFrequent,
    List<Heard> heard) {
  /** Copies the list. */
  public EvaluatedItem {
    heard = List.copyOf(heard);
  }

  /** A question of a corpus and what became of it. */
  public static EvaluatedItem of(
      CorpusItem item,
      String transcript,
      String text,
      boolean stopped,
      double lengthRatio,
      double realTimeFactor,
      double logMelDistance,
      String mostFrequent,
      List<Heard> heard) {
    return new EvaluatedItem(
        item.id(),
        item.category(),
        item.heldOut(),
        item.voice(),
        item.voiceHeldOut(),
        item.question(),
        item.answer(),
        item.shortAnswer(),
        transcript,
        text,
        stopped,
        lengthRatio,
        realTimeFactor,
        logMelDistance,
        mostFrequent,
        heard);
  }

  /** Whether the transcript is right word for word. */
  public boolean transcriptExact() {
    return Words.of(transcript).equals(Words.of(question));
  }

  /** Whether the answer text is right word for word. */
  public boolean sentenceExact() {
    return Words.of(text).equals(Words.of(answer));
  }

  /** Whether the answer text says what decides. */
  public boolean textRight() {
    return isAnsweredBy(text);
  }

  /** Whether a text says what decides. */
  public boolean isAnsweredBy(String words) {
    return DecisiveWords.of(answer, shortAnswer).in(words);
  }
}
