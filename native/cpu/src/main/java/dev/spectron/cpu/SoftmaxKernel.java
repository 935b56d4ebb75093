package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The exponentials of a softmax; dividing by their sum is left to the caller. */
final class SoftmaxKernel {
  private SoftmaxKernel() {}

  /**
   * s = exp(s − largest). One masked loop: with a second exponential for what is left over, that
   * one was past what the just-in-time compiler inlines, and left 1.4 KB of vectors a call, 400 KB
   * in a decoding step of 24 layers.
   *
   * @param largest at least the largest value of s
   * @return the sum of the new values
   */
  static float exponentials(VectorWidth width, float[] s, int first, int length, float largest) {
    VectorSpecies<Float> f = width.floats();
    FloatVector max = FloatVector.broadcast(f, largest);
    for (int i = 0; i < length; i += f.length()) {
      VectorMask<Float> there = f.indexInRange(i, length);
      FloatVector v = FloatVector.fromArray(f, s, first + i, there);
      VectorMath.exp(f, v.sub(max)).intoArray(s, first + i, there);
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
