package dev.spectron.audio;

import dev.spectron.core.signal.Fft;

/**
 * How much more likely each 10 ms of a stream is speech in noise than noise alone. Both are complex
 * Gaussian in every frequency from 100 to 4000 Hz; the score is the mean over them of ln Λ = γ·ξ /
 * (1 + ξ) − ln(1 + ξ), in which γ is the power over that of the noise and ξ the decision-directed
 * signal-to-noise ratio. Source: Sohn, Kim and Sung 1999, "A statistical model-based voice activity
 * detection", equations 3 to 7. In place of theirs, the noise is that of {@link NoiseFloor} and the
 * hangover {@link EndPointer}'s. Both a frequency and a frame count only up to a limit before the
 * score is smoothed, so that a click does not sound on: chosen on recordings of one speaker
 * (bench/LOG.md). Not safe for several threads.
 */
public final class VoiceDetector {
  /** From one frame to the next. */
  public static final double HOP_SECONDS = 0.01;

  /** What a frame looks at: the hop and the one before. */
  public static final double WINDOW_SECONDS = 2 * HOP_SECONDS;

  /** Least rate, Hz. */
  public static final int LEAST_RATE = 8000;

  private static final double LOWEST_HERTZ = 100;
  private static final double HIGHEST_HERTZ = 4000;
  private static final float QUIETEST = 1e-7f; // −70 dB below full scale
  private static final float MEMORY = 0.98f; // α of the decision-directed estimate
  private static final float LEAST_RATIO = 0.003f; // ξ, −25 dB
  private static final double LEAST = -0.3; // of a frequency
  private static final double MOST = 20;
  private static final double MOST_OF_FRAME = 0.5;
  private static final double SMOOTHING = 0.5;

  private final int hop;
  private final Fft fft;
  private final Fft.Workspace workspace;
  private final float[] window;
  private final float[] heard;
  private final float[] time;
  private final float[] re;
  private final float[] im;
  private final int firstBin;
  private final float[] power;
  private final float[] speech;
  private final NoiseFloor noise;
  private final float scale;
  private double smooth;

  /**
   * Of a stream that has not begun.
   *
   * @param rate at least 8000 Hz
   */
  public VoiceDetector(int rate) {
    if (rate < LEAST_RATE) {
      throw new IllegalArgumentException(
          "voice detector: expected at least %d Hz, found %d Hz; resample first"
              .formatted(LEAST_RATE, rate));
    }
    this.hop = (int) Math.round(rate * HOP_SECONDS);
    this.fft = new Fft(Integer.highestOneBit(2 * hop - 1) << 1);
    this.workspace = fft.workspace();
    this.window = new float[2 * hop];
    double energy = 0;
    for (int i = 0; i < window.length; i++) {
      window[i] = (float) (0.5 - 0.5 * Math.cos(Math.PI * (i + 0.5) / hop));
      energy += (double) window[i] * window[i];
    }
    this.scale = (float) (1 / energy); // white noise has its mean square in every bin
    this.heard = new float[2 * hop];
    this.time = new float[fft.size()];
    this.re = new float[fft.bins()];
    this.im = new float[fft.bins()];
    double binHertz = rate / (double) fft.size();
    this.firstBin = (int) Math.ceil(LOWEST_HERTZ / binHertz);
    int end = (int) Math.min(fft.bins() - 1, HIGHEST_HERTZ / binHertz);
    this.power = new float[end - firstBin];
    this.speech = new float[power.length];
    this.noise = new NoiseFloor(power.length, QUIETEST);
  }

  /** Samples of a frame's step. */
  public int hop() {
    return hop;
  }

  /**
   * Takes the next samples.
   *
   * @param samples nominally in [−1, 1]; {@link #hop} of them are read
   * @param from index of the first
   * @return smoothed score of the frame that ends with them: about 0 in noise, at most 0.5
   */
  public double next(float[] samples, int from) {
    System.arraycopy(heard, hop, heard, 0, hop);
    System.arraycopy(samples, from, heard, hop, hop);
    for (int i = 0; i < window.length; i++) {
      time[i] = window[i] * heard[i];
    }
    fft.forward(time, re, im, workspace);
    for (int k = 0; k < power.length; k++) {
      float a = re[firstBin + k];
      float b = im[firstBin + k];
      power[k] = scale * (a * a + b * b);
    }
    double score = noise.isSettled() ? score() : 0;
    noise.update(power);
    return score;
  }

  private double score() {
    double sum = 0;
    for (int k = 0; k < power.length; k++) {
      float floor = noise.of(k);
      float posterior = power[k] / floor;
      float prior = MEMORY * speech[k] / floor + (1 - MEMORY) * Math.max(posterior - 1, 0);
      prior = Math.max(prior, LEAST_RATIO);
      float gain = prior / (1 + prior);
      speech[k] = gain * gain * power[k];
      sum += Math.clamp(posterior * gain - Math.log1p(prior), LEAST, MOST);
    }
    double mean = Math.min(MOST_OF_FRAME, sum / power.length);
    smooth = SMOOTHING * smooth + (1 - SMOOTHING) * mean;
    return smooth;
  }
}
