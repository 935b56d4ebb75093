package dev.spectron.training.corpus;

/**
 * What a synthesizer is asked to say.
 *
 * @param rate speaking rate, 1 is the voice's own
 * @param pitch factor on the fundamental frequency, 1 is the voice's own
 */
record Utterance(Voice voice, String sentence, double rate, double pitch) {
  /** The plain rendering of a voice. */
  static Utterance plain(Voice voice, String sentence) {
    return new Utterance(voice, sentence, 1, 1);
  }

  boolean isPlain() {
    return rate == 1 && pitch == 1;
  }
}
