package dev.spectron.training.eval;

import dev.spectron.core.signal.Waveform;

/**
 * Slower or quicker speech of the same pitch: windows are taken from where the rate says, shifted
 * to where they continue best what was taken before, and overlap-added. Source: Verhelst and
 * Roelands 1993, WSOLA. (TarsosDSP has it, but writes to standard output.)
 */
final class TimeStretch {
  private static final double SLOWEST = 0.25;
  private static final double QUICKEST = 4;
  private static final double HALF_WINDOW_SECONDS = 0.015;
  private static final double SEARCH_SECONDS = 0.01;

  private TimeStretch() {}

  /**
   * Changes the speaking rate.
   *
   * @param rate 0.25 to 4; 1.3 takes 1 / 1.3 of the time
   * @return {@code samples / rate} samples
   */
  static Waveform of(Waveform waveform, double rate) {
    if (!(rate >= SLOWEST && rate <= QUICKEST)) {
      throw new IllegalArgumentException(
          "time stretch: expected a rate of 0.25 to 4, found " + rate);
    }
    float[] x = waveform.samples();
    int half = (int) (HALF_WINDOW_SECONDS * waveform.sampleRate());
    int search = (int) (SEARCH_SECONDS * waveform.sampleRate());
    float[] y = new float[(int) Math.round(x.length / rate)];
    int taken = 0;
    for (int window = 0; window * half < y.length; window++) {
      int due = (int) Math.round(window * half * rate);
      int from = window == 0 ? 0 : mostAlike(x, taken + half, due, search, half);
      add(x, from, y, window * half, half);
      taken = from;
    }
    return new Waveform(y, waveform.sampleRate());
  }

  /** The place near {@code due} whose sound is most like that at {@code wanted}. */
  private static int mostAlike(float[] x, int wanted, int due, int search, int half) {
    int best = due;
    double highest = Double.NEGATIVE_INFINITY;
    for (int from = due - search; from <= due + search; from++) {
      double product = 0;
      double power = 1e-9;
      for (int i = -half; i < half; i++) {
        double candidate = at(x, from + i);
        product += candidate * at(x, wanted + i);
        power += candidate * candidate;
      }
      double likeness = product / Math.sqrt(power);
      if (likeness > highest) {
        highest = likeness;
        best = from;
      }
    }
    return best;
  }

  /** Adds a Hann window of sound; two neighbours' windows sum to 1. */
  private static void add(float[] x, int from, float[] y, int to, int half) {
    for (int i = -half; i < half; i++) {
      int n = to + i;
      if (n >= 0 && n < y.length) {
        y[n] += (float) (0.5 + 0.5 * Math.cos(Math.PI * i / half)) * at(x, from + i);
      }
    }
  }

  private static float at(float[] x, int index) {
    return index >= 0 && index < x.length ? x[index] : 0;
  }
}
