package dev.spectron.training.eval;

import dev.spectron.training.corpus.AudioRange;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.Voice;
import dev.spectron.training.corpus.Voices;
import java.util.List;
import java.util.Locale;

/** Items made by hand. */
final class Items {
  private Items() {}

  static CorpusItem corpusItem(int number, Split split, Question question, Voice voice) {
    AudioRange answer = new AudioRange("answers.pcm", 0, 1);
    return new CorpusItem(
        String.format(Locale.ROOT, "%s-%06d", split.label(), number),
        split,
        question.category(),
        question.key(),
        Split.isHeldOut(question),
        question.questionText(),
        question.answerText(),
        question.shortAnswerText(),
        voice.id(),
        Voices.isHeldOut(voice),
        Condition.CLEAN,
        new AudioRange("questions-000.pcm", 0, 1),
        answer);
  }

  /** The capital of France, in a held-out voice, answered with some text and some sound. */
  static EvaluatedItem france(String text, String heard) {
    return item("capital", "france", "paris", text, heard);
  }

  static EvaluatedItem spain(String text, String heard) {
    return item("capital", "spain", "madrid", text, heard);
  }

  private static EvaluatedItem item(
      String category, String country, String city, String text, String heard) {
    String question = "what is the capital of " + country;
    String answer = "the capital of " + country + " is " + city;
    return new EvaluatedItem(
        "dev-000001",
        category,
        false,
        "flite/kal16",
        true,
        question,
        answer,
        city,
        question,
        text,
        true,
        1,
        0.5,
        0.25,
        "paris",
        List.of(new Heard(heard, answer, answer, question, answer)));
  }
}
