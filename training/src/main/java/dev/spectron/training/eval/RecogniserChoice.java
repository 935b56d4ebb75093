package dev.spectron.training.eval;

import java.util.Locale;

/** The recognisers there are. */
public enum RecogniserChoice {
  /** The installed program. */
  POCKETSPHINX,
  /** Inside this process; its jars are put on the class path. */
  SPHINX4;

  /** Name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Makes one ready.
   *
   * @param domain what may be said
   * @param jobs clips heard at once; changes the time, never the result
   * @throws dev.spectron.core.error.TrainingException if it is not installed; the message says what
   *     to do
   */
  public Recogniser open(SpokenDomain domain, int jobs) {
    TrigramModel language = TrigramModel.of(domain.sentences());
    Recogniser recogniser =
        switch (this) {
          case POCKETSPHINX -> new PocketSphinx(language, jobs);
          case SPHINX4 -> new Sphinx4(language, jobs);
        };
    try {
      recogniser.requireInstalled();
      return recogniser;
    } catch (RuntimeException e) {
      recogniser.close();
      throw e;
    }
  }
}
