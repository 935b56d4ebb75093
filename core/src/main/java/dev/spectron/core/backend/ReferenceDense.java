package dev.spectron.core.backend;

/** Products and single elements. */
final class ReferenceDense {
  private ReferenceDense() {}

  /** {@code weight} is {@code [bias.length, in]}; the result has {@code size} elements. */
  static double[] linear(double[] x, double[] weight, double[] bias, int size) {
    int out = bias.length;
    int in = weight.length / out;
    double[] y = new double[size];
    for (int row = 0; row < size / out; row++) {
      for (int o = 0; o < out; o++) {
        double sum = bias[o];
        for (int i = 0; i < in; i++) {
          sum += x[row * in + i] * weight[o * in + i];
        }
        y[row * out + o] = sum;
      }
    }
    return y;
  }

  static double[] add(double[] x, double[] y, double scale) {
    double[] sum = new double[x.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + scale * y[i];
    }
    return sum;
  }

  static double[] multiply(double[] x, double[] y) {
    double[] product = new double[x.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = x[i] * y[i];
    }
    return product;
  }

  static double[] scale(double[] x, double factor) {
    double[] scaled = new double[x.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = x[i] * factor;
    }
    return scaled;
  }

  static double[] activate(double[] x, Activation activation) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = activation.apply(x[i]);
    }
    return y;
  }

  /** Frames of 2·channels to frames of {@code channels}. */
  static double[] glu(double[] x, int channels) {
    double[] y = new double[x.length / 2];
    for (int frame = 0; frame < y.length / channels; frame++) {
      for (int c = 0; c < channels; c++) {
        double gate = x[(2 * frame + 1) * channels + c];
        y[frame * channels + c] = x[2 * frame * channels + c] / (1 + Math.exp(-gate));
      }
    }
    return y;
  }
}
