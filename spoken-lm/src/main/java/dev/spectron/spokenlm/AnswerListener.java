package dev.spectron.spokenlm;

/**
 * Hears an answer while it is being made. Called by the thread that answers, which waits: whoever
 * takes long hands the work on.
 */
public interface AnswerListener {
  /**
   * The text is complete; speech follows.
   *
   * @param transcript as {@link Answer#transcript()}
   * @param text as {@link Answer#text()}
   */
  void text(String transcript, String text);

  /**
   * Samples that are final, in order; all of them together are {@link Answer#speech()}.
   *
   * @param samples in [−1, 1], at least one; the listener's own
   * @param sampleRate of the answer
   */
  void speech(float[] samples, int sampleRate);
}
