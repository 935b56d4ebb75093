package dev.spectron.cpu;

/**
 * {@link VectorMath} and the gates of {@link ActivationKernel} without vectors, to the same last
 * bit, for as long as {@link ScalarProducts} stand in for the products.
 */
final class ScalarMath {
  private ScalarMath() {}

  /** y = x·sigmoid(linear·x + cubic·x³). */
  static void gate(float linear, float cubic, float[] x, float[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      float v = x[i];
      float u = Math.fma(v * v, cubic, linear) * v;
      y[i] = v / (exp(-u) + 1f);
    }
  }

  /** y = a ⊙ sigmoid(b). */
  static void glu(float[] x, int aFirst, int bFirst, float[] y, int yFirst, int length) {
    for (int i = 0; i < length; i++) {
      y[yFirst + i] = x[aFirst + i] / (exp(-x[bFirst + i]) + 1f);
    }
  }

  /** {@link VectorMath#exp}. */
  static float exp(float x) {
    float low = x < VectorMath.LOWEST ? VectorMath.LOWEST : x;
    float bounded = x > VectorMath.HIGHEST ? VectorMath.HIGHEST : low;
    float rounded = Math.fma(bounded, VectorMath.LOG2_E, VectorMath.ROUND);
    float n = rounded - VectorMath.ROUND;
    float r = Math.fma(n, -VectorMath.LN2_REST, Math.fma(n, -VectorMath.LN2, bounded));
    float q = Math.fma(VectorMath.Q4, r, VectorMath.Q3);
    q = Math.fma(q, r, VectorMath.Q2);
    q = Math.fma(q, r, VectorMath.Q1);
    q = Math.fma(q, r, VectorMath.Q0);
    float s = Math.fma(q * r, r, r);
    int power = Float.floatToRawIntBits(rounded) << VectorMath.EXPONENT_SHIFT;
    return Float.intBitsToFloat(Float.floatToRawIntBits(s + 1f) + power);
  }
}
