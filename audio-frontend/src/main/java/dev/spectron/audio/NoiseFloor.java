package dev.spectron.audio;

/**
 * The power of the noise under speech, frequency by frequency, by minima controlled recursive
 * averaging: what lies near the minimum of the last one to two seconds is noise and is averaged.
 * Source: Cohen and Berdugo 2002, "Noise estimation by minima controlled recursive averaging for
 * robust speech enhancement", equations 5 to 13, with their constants.
 */
final class NoiseFloor {
  private static final float SMOOTHING = 0.8f; // α_s, of the power whose minimum is sought
  private static final float PRESENCE_SMOOTHING = 0.2f; // α_p
  private static final float NOISE_SMOOTHING = 0.95f; // α_d
  private static final float PRESENT = 5; // δ: so many times the minimum is speech
  private static final int WINDOW_FRAMES = 100; // L: one second
  private static final int FIRST_FRAMES = 10; // one frame alone may be far too low

  private final float[] noise;
  private final float[] smooth;
  private final float[] least;
  private final float[] leastOfLate;
  private final float[] presence;
  private final float quietest;
  private long frames;

  /**
   * Of a stream that has not begun.
   *
   * @param bins frequencies
   * @param quietest power below which nothing is noise, so that digital silence has a floor too
   */
  NoiseFloor(int bins, float quietest) {
    this.noise = new float[bins];
    this.smooth = new float[bins];
    this.least = new float[bins];
    this.leastOfLate = new float[bins];
    this.presence = new float[bins];
    this.quietest = quietest;
  }

  /** Noise power of a bin, at least the quietest. */
  float of(int bin) {
    return Math.max(quietest, noise[bin]);
  }

  /**
   * Takes the next frame.
   *
   * @param power |Y|² of each bin
   */
  void update(float[] power) {
    float remembered = Math.min(NOISE_SMOOTHING, frames / (frames + 1f)); // at first, the mean
    for (int k = 0; k < noise.length; k++) {
      float below = power[Math.max(0, k - 1)];
      float above = power[Math.min(power.length - 1, k + 1)];
      float around = 0.25f * below + 0.5f * power[k] + 0.25f * above;
      float memory = Math.min(SMOOTHING, remembered);
      smooth[k] = memory * smooth[k] + (1 - memory) * around;
      least[k] = isSettled() ? Math.min(least[k], smooth[k]) : smooth[k];
      leastOfLate[k] = isSettled() ? Math.min(leastOfLate[k], smooth[k]) : smooth[k];
      float present = smooth[k] > PRESENT * Math.max(least[k], quietest) ? 1 : 0;
      presence[k] = PRESENCE_SMOOTHING * presence[k] + (1 - PRESENCE_SMOOTHING) * present;
      float keep = remembered + (1 - remembered) * presence[k];
      noise[k] = keep * noise[k] + (1 - keep) * power[k];
    }
    frames++;
    if (frames % WINDOW_FRAMES == 0) {
      for (int k = 0; k < noise.length; k++) {
        least[k] = Math.min(leastOfLate[k], smooth[k]);
      }
      System.arraycopy(smooth, 0, leastOfLate, 0, smooth.length);
    }
  }

  /** Whether enough was heard to say anything. */
  boolean isSettled() {
    return frames >= FIRST_FRAMES;
  }
}
