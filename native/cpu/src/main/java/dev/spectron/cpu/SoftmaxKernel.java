package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The exponentials of a softmax; dividing by their sum is left to the caller. */
final class SoftmaxKernel {
  private SoftmaxKernel() {}

  /**
   * s = exp(s − max s).
   *
   * @param length at least 1
   * @return the sum of the new values, at least 1
   */
  static float exponentials(VectorWidth width, float[] s, int first, int length) {
    VectorSpecies<Float> f = width.floats();
    FloatVector max = FloatVector.broadcast(f, max(width, s, first, length));
    FloatVector sums = FloatVector.zero(f);
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      FloatVector e = VectorMath.exp(f, FloatVector.fromArray(f, s, first + i).sub(max));
      e.intoArray(s, first + i);
      sums = sums.add(e);
    }
    if (i < length) {
      VectorMask<Float> rest = f.indexInRange(i, length);
      FloatVector e = VectorMath.exp(f, FloatVector.fromArray(f, s, first + i, rest).sub(max));
      e.intoArray(s, first + i, rest);
      sums = sums.add(e, rest);
    }
    return sums.reduceLanes(ADD);
  }

  private static float max(VectorWidth width, float[] s, int first, int length) {
    VectorSpecies<Float> f = width.floats();
    FloatVector max = FloatVector.broadcast(f, s[first]);
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      max = max.max(FloatVector.fromArray(f, s, first + i));
    }
    float result = max.reduceLanes(MAX);
    for (; i < length; i++) {
      result = Math.max(result, s[first + i]);
    }
    return result;
  }
}
