package dev.spectron.cpu;

/**
 * Sums in a fixed order, so that they come out the same on every vector width and before as after
 * compilation, neither of which the lane reduction of the Vector API promises. Four chains keep the
 * adders busy; next to the products around them these loops do not count.
 */
final class SumKernel {
  private SumKernel() {}

  /** Σ x. */
  static float sum(float[] x, int first, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < length - 3; i += 4) {
      a += x[first + i];
      b += x[first + i + 1];
      c += x[first + i + 2];
      d += x[first + i + 3];
    }
    for (; i < length; i++) {
      a += x[first + i];
    }
    return (a + b) + (c + d);
  }

  /** Σ (x − mean)². */
  static float squares(float[] x, int first, int length, float mean) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < length - 3; i += 4) {
      float w = x[first + i] - mean;
      float v = x[first + i + 1] - mean;
      float u = x[first + i + 2] - mean;
      float t = x[first + i + 3] - mean;
      a += w * w;
      b += v * v;
      c += u * u;
      d += t * t;
    }
    for (; i < length; i++) {
      float w = x[first + i] - mean;
      a += w * w;
    }
    return (a + b) + (c + d);
  }
}
