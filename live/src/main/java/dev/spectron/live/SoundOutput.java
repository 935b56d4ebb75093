package dev.spectron.live;

/** Where sound goes: a queue that is played by its own clock. Used by one thread. */
public interface SoundOutput extends AutoCloseable {
  /** Samples a second, Hz. */
  int rate();

  /** Samples that may be written now without waiting. */
  int room();

  /** Samples written and not yet played. */
  int queued();

  /**
   * Puts samples in the queue.
   *
   * @param samples mono, in [−1, 1], at most {@link #room()}
   * @throws dev.spectron.core.error.AudioException if the device fails
   */
  void write(float[] samples);

  /**
   * Forgets what was not played yet.
   *
   * @return samples forgotten, the last that were written
   */
  int drop();

  /** Stops at once. Closing twice does nothing. */
  @Override
  void close();
}
