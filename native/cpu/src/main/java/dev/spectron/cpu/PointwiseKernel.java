package dev.spectron.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic on stretches of arrays that stand at different indices, which the just-in-time
 * compiler does not vectorise by itself.
 */
final class PointwiseKernel {
  private PointwiseKernel() {}

  /** y = y + x. */
  static void add(VectorWidth width, float[] y, int yFirst, float[] x, int xFirst, int length) {
    VectorSpecies<Float> f = width.floats();
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, xFirst + i);
      FloatVector.fromArray(f, y, yFirst + i).add(v).intoArray(y, yFirst + i);
    }
    for (; i < length; i++) {
      y[yFirst + i] += x[xFirst + i];
    }
  }

  /** y = y ⊙ x. */
  static void multiply(
      VectorWidth width, float[] y, int yFirst, float[] x, int xFirst, int length) {
    VectorSpecies<Float> f = width.floats();
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, xFirst + i);
      FloatVector.fromArray(f, y, yFirst + i).mul(v).intoArray(y, yFirst + i);
    }
    for (; i < length; i++) {
      y[yFirst + i] *= x[xFirst + i];
    }
  }

  /** y = factor·y. */
  static void scale(VectorWidth width, float[] y, int first, float factor, int length) {
    VectorSpecies<Float> f = width.floats();
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      FloatVector.fromArray(f, y, first + i).mul(factor).intoArray(y, first + i);
    }
    for (; i < length; i++) {
      y[first + i] *= factor;
    }
  }
}
