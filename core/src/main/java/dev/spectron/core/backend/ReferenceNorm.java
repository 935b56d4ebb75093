package dev.spectron.core.backend;

/** Normalisations over the last axis, whose size is that of the gain. */
final class ReferenceNorm {
  private ReferenceNorm() {}

  static double[] layerNorm(double[] x, double[] gain, double[] bias, double epsilon) {
    int channels = gain.length;
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += channels) {
      double mean = 0;
      for (int c = 0; c < channels; c++) {
        mean += x[from + c] / channels;
      }
      double variance = 0;
      for (int c = 0; c < channels; c++) {
        double d = x[from + c] - mean;
        variance += d * d / channels;
      }
      double deviation = Math.sqrt(variance + epsilon);
      for (int c = 0; c < channels; c++) {
        y[from + c] = (x[from + c] - mean) / deviation * gain[c] + bias[c];
      }
    }
    return y;
  }

  static double[] rmsNorm(double[] x, double[] gain, double epsilon) {
    int channels = gain.length;
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += channels) {
      double meanSquare = 0;
      for (int c = 0; c < channels; c++) {
        meanSquare += x[from + c] * x[from + c] / channels;
      }
      double rms = Math.sqrt(meanSquare + epsilon);
      for (int c = 0; c < channels; c++) {
        y[from + c] = x[from + c] / rms * gain[c];
      }
    }
    return y;
  }

  static double[] batchNorm(
      double[] x, double[] mean, double[] variance, double[] gain, double[] bias, double epsilon) {
    int channels = gain.length;
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += channels) {
      for (int c = 0; c < channels; c++) {
        double centred = x[from + c] - mean[c];
        y[from + c] = centred / Math.sqrt(variance[c] + epsilon) * gain[c] + bias[c];
      }
    }
    return y;
  }
}
