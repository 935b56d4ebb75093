package dev.spectron.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Normalisations of one row of channels. Traffic: the row in once, then from the cache, and out.
 */
final class NormKernel {
  private NormKernel() {}

  /** y = (x − mean) / √(variance + ε) ⊙ gain + bias for the row that starts at {@code at}. */
  static void layerNorm(
      VectorWidth width,
      float[] x,
      int at,
      int channels,
      float[] gain,
      float[] bias,
      float epsilon,
      float[] y) {
    float mean = SumKernel.sum(x, at, channels) / channels;
    float variance = SumKernel.squares(x, at, channels, mean) / channels;
    affine(width, x, mean, inverseRoot(variance, epsilon), gain, bias, y, at, channels);
  }

  /** y = x / √(mean x² + ε) ⊙ gain for the row that starts at {@code at}. */
  static void rmsNorm(
      VectorWidth width, float[] x, int at, int channels, float[] gain, float epsilon, float[] y) {
    float meanSquare = SumKernel.squares(x, at, channels, 0) / channels;
    float scale = inverseRoot(meanSquare, epsilon);
    VectorSpecies<Float> f = width.floats();
    int c = 0;
    for (; c < f.loopBound(channels); c += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, at + c).mul(scale);
      v.mul(FloatVector.fromArray(f, gain, c)).intoArray(y, at + c);
    }
    for (; c < channels; c++) {
      y[at + c] = x[at + c] * scale * gain[c];
    }
  }

  private static float inverseRoot(float square, float epsilon) {
    return (float) (1 / Math.sqrt((double) square + epsilon));
  }

  private static void affine(
      VectorWidth width,
      float[] x,
      float mean,
      float scale,
      float[] gain,
      float[] bias,
      float[] y,
      int at,
      int channels) {
    VectorSpecies<Float> f = width.floats();
    int c = 0;
    for (; c < f.loopBound(channels); c += f.length()) {
      FloatVector centred = FloatVector.fromArray(f, x, at + c).sub(mean).mul(scale);
      FloatVector shift = FloatVector.fromArray(f, bias, c);
      centred.fma(FloatVector.fromArray(f, gain, c), shift).intoArray(y, at + c);
    }
    for (; c < channels; c++) {
      y[at + c] = Math.fma((x[at + c] - mean) * scale, gain[c], bias[c]);
    }
  }
}
