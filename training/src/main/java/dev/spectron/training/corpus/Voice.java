package dev.spectron.training.corpus;

/**
 * A synthetic voice of an installed engine. Obtain one from {@link Voices}, which knows which are
 * allowed.
 */
public sealed interface Voice {
  /** Name in manifests and messages: engine, slash, voice. */
  String id();

  /**
   * Who is heard: a person, in whatever engine, or a timbre of {@code espeak-ng}, in whatever
   * accent.
   */
  String speaker();

  /**
   * Whether the voice was made from recordings of a person; the others are built from formant
   * rules.
   */
  boolean isHumanDerived();

  /**
   * A voice of {@code flite}.
   *
   * @param name voice of {@code flite}, as {@code rms}
   */
  record Flite(String name) implements Voice {
    @Override
    public String id() {
      return "flite/" + name;
    }

    @Override
    public String speaker() {
      return name;
    }

    @Override
    public boolean isHumanDerived() {
      return true;
    }
  }

  /**
   * A voice of {@code espeak-ng}.
   *
   * @param accent language of {@code espeak-ng}, as {@code en-us}
   * @param variant timbre, as {@code f2}
   */
  record EspeakNg(String accent, String variant) implements Voice {
    @Override
    public String id() {
      return "espeak-ng/" + accent + "+" + variant;
    }

    @Override
    public String speaker() {
      return "espeak-ng+" + variant;
    }

    @Override
    public boolean isHumanDerived() {
      return false;
    }
  }

  /** The diphone voice ked of {@code festival}. */
  record FestivalKed() implements Voice {
    @Override
    public String id() {
      return "festival/ked";
    }

    @Override
    public String speaker() {
      return "ked";
    }

    @Override
    public boolean isHumanDerived() {
      return true;
    }
  }

  /** The hidden Markov voice slt: labels from {@code festival}, sound from {@code hts_engine}. */
  record HtsSlt() implements Voice {
    @Override
    public String id() {
      return "hts/slt";
    }

    @Override
    public String speaker() {
      return "slt";
    }

    @Override
    public boolean isHumanDerived() {
      return true;
    }
  }
}
