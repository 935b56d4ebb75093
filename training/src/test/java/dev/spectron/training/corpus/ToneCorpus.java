package dev.spectron.training.corpus;

import java.nio.file.Path;
import java.util.List;

/**
 * A corpus that hums instead of speaking, so that tests of training need no synthesizer. Its
 * questions are its own: what training learns from them does not change with the domain.
 */
public final class ToneCorpus {
  private static final List<Question> QUESTIONS =
      List.of(
          fact("day", "day after monday", "What day comes after Monday?", "Tuesday"),
          fact("color", "color grass", "What color is grass?", "Green"),
          fact("animal-legs", "legs dog", "How many legs does a dog have?", "Four"),
          fact("animal-sound", "sound cow", "What sound does a cow make?", "Moo"),
          fact("animal-young", "young cat", "What is a baby cat called?", "A kitten"),
          fact("opposite", "opposite hot", "What is the opposite of hot?", "Cold"),
          fact("month", "month after april", "What month comes after April?", "May"),
          fact("capital", "capital france", "What is the capital of France?", "Paris"),
          fact("add", "add 2 3", "What is two plus three?", "Five"),
          fact("add", "add 6 9", "What is nine plus six?", "Fifteen"));

  private ToneCorpus() {}

  private static Question fact(String category, String key, String question, String answer) {
    return new Question(category, key, question, answer + ".", answer);
  }

  /**
   * Renders one clip of each of some questions.
   *
   * @param folder where the corpus goes; must not exist
   */
  public static Corpus render(Path folder, int questions) {
    CorpusRecipe recipe =
        new CorpusRecipe("tones", 7, QUESTIONS, questions, 1, CorpusExtras.none(), 2, 2, 1);
    CorpusRenderer.render(recipe, folder, CorpusRenderer.Progress.silent(), _ -> new ToneSpeaker());
    return Corpus.open(folder);
  }
}
