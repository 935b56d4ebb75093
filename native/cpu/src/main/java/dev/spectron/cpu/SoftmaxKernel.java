package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The exponentials of a softmax; dividing by their sum is left to the caller. */
final class SoftmaxKernel {
  private SoftmaxKernel() {}

  /**
   * s = exp(s − largest).
   *
   * @param largest at least the largest value of s
   * @return the sum of the new values
   */
  static float exponentials(VectorWidth width, float[] s, int first, int length, float largest) {
    VectorSpecies<Float> f = width.floats();
    FloatVector max = FloatVector.broadcast(f, largest);
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, s, first + i);
      VectorMath.exp(f, v.sub(max)).intoArray(s, first + i);
    }
    if (i < length) {
      VectorMask<Float> rest = f.indexInRange(i, length);
      FloatVector v = FloatVector.fromArray(f, s, first + i, rest);
      VectorMath.exp(f, v.sub(max)).intoArray(s, first + i, rest);
    }
    return SumKernel.sum(s, first, length);
  }

  /**
   * The largest value.
   *
   * @param length at least 1
   */
  static float max(VectorWidth width, float[] s, int first, int length) {
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
