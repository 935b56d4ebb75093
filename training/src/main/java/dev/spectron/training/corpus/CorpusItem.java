package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.regex.Pattern;

/**
 * One spoken question and its spoken answer.
 *
 * @param id unique in the corpus
 * @param split side of the corpus
 * @param category kind of question
 * @param key canonical key of the fact
 * @param heldOut whether no training item shares this key
 * @param question what is asked, in {@link DomainText} form: the transcript
 * @param answer what to answer, in {@link DomainText} form
 * @param shortAnswer the words of the answer that decide whether it is right
 * @param voice {@link Voice#id} of the question
 * @param voiceHeldOut whether no training item is spoken by this voice
 * @param condition disturbance of the question's sound
 * @param questionAudio where the question's sound lies
 * @param answerAudio where the answer's sound lies; equal answers share it
 */
public record CorpusItem(
    String id,
    Split split,
    String category,
    String key,
    boolean heldOut,
    String question,
    String answer,
    String shortAnswer,
    String voice,
    boolean voiceHeldOut,
    Condition condition,
    AudioRange questionAudio,
    AudioRange answerAudio) {
  private static final Pattern ID = Pattern.compile("[a-z]+-[0-9]{6}");

  /**
   * Checks texts and rules.
   *
   * @throws TrainingException if a text is not normal, or the item breaks the rules on held-out
   *     questions and voices
   */
  public CorpusItem {
    require(ID.matcher(id).matches(), id, "id", "letters, hyphen, six digits", id);
    require(DomainText.isNormal(question), id, "question", "normalised text", question);
    require(DomainText.isNormal(answer), id, "answer", "normalised text", answer);
    require(DomainText.isNormal(shortAnswer), id, "short_answer", "normalised text", shortAnswer);
    require(
        Split.isHeldOut(category, key) == heldOut,
        id,
        "held_out",
        "what the split rule says",
        heldOut);
    require(
        Voices.isHeldOut(Voices.find(voice)) == voiceHeldOut,
        id,
        "voice_held_out",
        "what the list says",
        voiceHeldOut);
    require(
        split == Split.DEV || !heldOut, id, "split", "dev for a held-out question", split.label());
    require(
        split == Split.DEV || !voiceHeldOut,
        id,
        "split",
        "dev for a held-out voice",
        split.label());
  }

  /** Whether the domain has no answer to the question. */
  public boolean fromOutside() {
    return category.equals(OutsideQuestions.CATEGORY);
  }

  /** Whether the question is in a wording that training never has. */
  public boolean reworded() {
    return Paraphrases.isHeldOut(question);
  }

  private static void require(
      boolean holds, String id, String part, String expected, Object found) {
    if (!holds) {
      throw new TrainingException(
          "corpus item " + id + ": " + part + ": expected " + expected + ", found " + found);
    }
  }
}
