package dev.spectron.training.eval;

import dev.spectron.core.signal.LogMel;

/**
 * The shape of a voice's spectrum without its loudness and its pitch: c₁ to c₁₃ of the cosine
 * transform of each log-mel frame.
 *
 * @param coefficients by frame
 */
public record MelCepstrum(double[][] coefficients) {
  private static final int ORDER = 13;

  /** Decibels of distance for one of coefficients. */
  public static final double DECIBELS = 10 / Math.log(10) * Math.sqrt(2);

  /** Of a raw log-mel spectrogram. */
  public static MelCepstrum of(LogMel logMel) {
    int nMels = logMel.spec().nMels();
    double[][] coefficients = new double[logMel.time()][ORDER];
    for (int t = 0; t < coefficients.length; t++) {
      for (int k = 1; k <= ORDER; k++) {
        double sum = 0;
        for (int m = 0; m < nMels; m++) {
          sum += logMel.frames()[t * nMels + m] * Math.cos(Math.PI * k * (m + 0.5) / nMels);
        }
        coefficients[t][k - 1] = sum * Math.sqrt(2.0 / nMels) / Math.sqrt(nMels);
      }
    }
    return new MelCepstrum(coefficients);
  }

  /**
   * Mel-cepstral distance after time warping, decibels: 10/ln 10 · sqrt(2 Σ (c − c')²). Source:
   * Kubichek 1993; here of amplitudes' logarithms over all mel bins, so that only figures of one
   * table compare.
   */
  public double distance(MelCepstrum other) {
    return TimeWarping.distance(
        coefficients.length,
        other.coefficients.length,
        (i, j) -> between(coefficients[i], other.coefficients[j]));
  }

  private static double between(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return DECIBELS * Math.sqrt(sum);
  }
}
