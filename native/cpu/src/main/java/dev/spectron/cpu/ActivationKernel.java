package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import dev.spectron.core.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Pointwise non-linearities. Traffic: each value once in and once out. */
final class ActivationKernel {
  private static final float LEAK = 0.2f;
  private static final float TWICE_ROOT_2_OVER_PI = (float) Math.sqrt(8 / Math.PI);
  private static final float CUBIC = 0.044715f;

  private ActivationKernel() {}

  /** y = activation(x); {@code x} and {@code y} may be the same array at the same place. */
  static void apply(
      VectorWidth width,
      Activation activation,
      float[] x,
      int xFirst,
      float[] y,
      int yFirst,
      int length) {
    VectorSpecies<Float> f = width.floats();
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      one(f, activation, FloatVector.fromArray(f, x, xFirst + i)).intoArray(y, yFirst + i);
    }
    if (i < length) {
      VectorMask<Float> rest = f.indexInRange(i, length);
      FloatVector v = FloatVector.fromArray(f, x, xFirst + i, rest);
      one(f, activation, v).intoArray(y, yFirst + i, rest);
    }
  }

  private static FloatVector one(VectorSpecies<Float> f, Activation activation, FloatVector x) {
    return switch (activation) {
      case RELU -> x.max(0f);
      case LEAKY_RELU -> x.mul(LEAK).blend(x, x.compare(GT, 0f));
      case SILU -> x.mul(VectorMath.sigmoid(f, x));
      case GELU -> x.mul(VectorMath.normal(f, x));
      // ½(1 + tanh u) = sigmoid(2u)
      case GELU_TANH -> x.mul(VectorMath.sigmoid(f, twiceGeluArgument(f, x)));
      case SIGMOID -> VectorMath.sigmoid(f, x);
      case TANH -> VectorMath.tanh(f, x);
    };
  }

  private static FloatVector twiceGeluArgument(VectorSpecies<Float> f, FloatVector x) {
    FloatVector one = FloatVector.broadcast(f, 1f);
    FloatVector slope = x.mul(x).fma(FloatVector.broadcast(f, CUBIC), one);
    return x.mul(slope).mul(TWICE_ROOT_2_OVER_PI);
  }

  /** y = a ⊙ sigmoid(b) for {@code length} values each. */
  static void glu(
      VectorWidth width, float[] x, int aFirst, int bFirst, float[] y, int yFirst, int length) {
    VectorSpecies<Float> f = width.floats();
    int i = 0;
    for (; i < f.loopBound(length); i += f.length()) {
      FloatVector a = FloatVector.fromArray(f, x, aFirst + i);
      FloatVector b = FloatVector.fromArray(f, x, bFirst + i);
      a.mul(VectorMath.sigmoid(f, b)).intoArray(y, yFirst + i);
    }
    if (i < length) {
      VectorMask<Float> rest = f.indexInRange(i, length);
      FloatVector a = FloatVector.fromArray(f, x, aFirst + i, rest);
      FloatVector b = FloatVector.fromArray(f, x, bFirst + i, rest);
      a.mul(VectorMath.sigmoid(f, b)).intoArray(y, yFirst + i, rest);
    }
  }
}
