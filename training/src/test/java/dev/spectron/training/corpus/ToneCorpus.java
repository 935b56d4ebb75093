package dev.spectron.training.corpus;

import java.nio.file.Path;

/** A corpus that hums instead of speaking, so that tests of training need no synthesizer. */
public final class ToneCorpus {
  private ToneCorpus() {}

  /**
   * Renders one clip of each of some questions.
   *
   * @param folder where the corpus goes; must not exist
   */
  public static Corpus render(Path folder, int questions) {
    CorpusRecipe recipe = new CorpusRecipe("tones", 7, QuestionTable.mini(), questions, 1, 2, 2, 1);
    CorpusRenderer.render(recipe, folder, CorpusRenderer.Progress.silent(), _ -> new ToneSpeaker());
    return Corpus.open(folder);
  }
}
