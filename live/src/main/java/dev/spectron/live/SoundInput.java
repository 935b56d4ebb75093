package dev.spectron.live;

/** Where sound comes from, and the clock of a session. */
public interface SoundInput extends AutoCloseable {
  /** Samples a second, Hz. */
  int rate();

  /**
   * Hands over sound as it comes, about 10 ms at a time, until it ends, is closed or the receiver
   * has had enough. Called once.
   *
   * @throws dev.spectron.core.error.AudioException if the device fails
   */
  void run(Receiver receiver);

  /** Whether its clock stands still while the model is at work, as only a simulated one can. */
  default boolean waitsForAnswers() {
    return false;
  }

  /** Ends {@link #run}, from any thread. Closing twice does nothing. */
  @Override
  void close();

  /** Who hears. */
  interface Receiver {
    /**
     * Takes the next sound.
     *
     * @param block mono, in [−1, 1]; not kept
     * @return whether more is wanted
     */
    boolean take(float[] block);

    /** Whether nothing is being said, answered or played. */
    boolean isIdle();
  }
}
