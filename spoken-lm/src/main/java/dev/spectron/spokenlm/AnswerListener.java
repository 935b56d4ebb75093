package dev.spectron.spokenlm;

/**
 * Hears an answer while it is being made. Called by the thread that answers, which waits; the time
 * it waits is in no stage's time. What a method throws ends the answer and reaches the caller.
 */
public interface AnswerListener {
  /** Hears nothing. */
  static AnswerListener none() {
    return new AnswerListener() {};
  }

  /**
   * More of {@link Answer#transcript()}; all of it is told before any text.
   *
   * @param words whole words with the space before them; all together are the transcript
   */
  default void transcript(String words) {}

  /**
   * More of {@link Answer#text()}; all of it is told before any speech.
   *
   * @param words whole words with the space before them; all together are the text
   */
  default void text(String words) {}

  /**
   * A stage is done. Frames and vocoder take turns or work side by side; both are told at the end.
   *
   * @param milliseconds as in {@link Answer#timings()}
   */
  default void stage(AnswerStage stage, double milliseconds) {}

  /**
   * Samples that are final, in order; all of them together are {@link Answer#speech()}.
   *
   * @param position of the first of them in the answer
   * @param samples in [−1, 1], at least one; the listener's own
   * @param sampleRate of the answer, Hz
   */
  default void speech(long position, float[] samples, int sampleRate) {}
}
