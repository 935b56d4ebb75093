package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.ADD;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Normalisations of one row of channels. Traffic: the row in once, then from the cache, and out.
 */
final class NormKernel {
  private NormKernel() {}

  /** y = (x − mean) / √(variance + ε) ⊙ gain + bias. */
  static void layerNorm(
      VectorWidth width, float[] x, float[] gain, float[] bias, float epsilon, float[] y, int at) {
    int channels = gain.length;
    float mean = sum(width, x, at, channels) / channels;
    float variance = squares(width, x, at, channels, mean) / channels;
    float scale = (float) (1 / Math.sqrt((double) variance + epsilon));
    affine(width, x, mean, scale, gain, bias, y, at);
  }

  /** y = x / √(mean x² + ε) ⊙ gain. */
  static void rmsNorm(
      VectorWidth width, float[] x, float[] gain, float epsilon, float[] y, int at) {
    int channels = gain.length;
    float meanSquare = squares(width, x, at, channels, 0) / channels;
    float scale = (float) (1 / Math.sqrt((double) meanSquare + epsilon));
    for (int c = 0; c < channels; c++) {
      y[at + c] = x[at + c] * scale * gain[c];
    }
  }

  private static float sum(VectorWidth width, float[] x, int at, int channels) {
    VectorSpecies<Float> f = width.floats();
    FloatVector sums = FloatVector.zero(f);
    int c = 0;
    for (; c < f.loopBound(channels); c += f.length()) {
      sums = sums.add(FloatVector.fromArray(f, x, at + c));
    }
    float sum = sums.reduceLanes(ADD);
    for (; c < channels; c++) {
      sum += x[at + c];
    }
    return sum;
  }

  /** Σ (x − mean)². */
  private static float squares(VectorWidth width, float[] x, int at, int channels, float mean) {
    VectorSpecies<Float> f = width.floats();
    FloatVector sums = FloatVector.zero(f);
    int c = 0;
    for (; c < f.loopBound(channels); c += f.length()) {
      FloatVector centred = FloatVector.fromArray(f, x, at + c).sub(mean);
      sums = centred.fma(centred, sums);
    }
    float sum = sums.reduceLanes(ADD);
    for (; c < channels; c++) {
      float centred = x[at + c] - mean;
      sum += centred * centred;
    }
    return sum;
  }

  private static void affine(
      VectorWidth width,
      float[] x,
      float mean,
      float scale,
      float[] gain,
      float[] bias,
      float[] y,
      int at) {
    VectorSpecies<Float> f = width.floats();
    int channels = gain.length;
    int c = 0;
    for (; c < f.loopBound(channels); c += f.length()) {
      FloatVector centred = FloatVector.fromArray(f, x, at + c).sub(mean).mul(scale);
      centred
          .fma(FloatVector.fromArray(f, gain, c), FloatVector.fromArray(f, bias, c))
          .intoArray(y, at + c);
    }
    for (; c < channels; c++) {
      y[at + c] = Math.fma((x[at + c] - mean) * scale, gain[c], bias[c]);
    }
  }
}
