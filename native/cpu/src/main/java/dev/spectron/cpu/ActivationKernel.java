package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import dev.spectron.core.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pointwise non-linearities. Traffic: each value once in and once out. Every function has a loop of
 * its own over whole vectors, written out down to the exponential: the just-in-time compiler does
 * not inline, and so boxes the vectors of, a method that it has already compiled into a large one.
 */
final class ActivationKernel {
  private static final float LEAK = 0.2f;
  private static final float CUBIC = 0.044715f;

  private ActivationKernel() {}

  /**
   * y = activation(x) for {@code length} values from {@code first} on.
   *
   * @param y may be {@code x}
   */
  static void apply(
      Machine machine, Activation activation, float[] x, float[] y, int first, int length) {
    if (activation == Activation.SILU && machine.scalars().standIn()) {
      ScalarMath.gate(1, 0, x, y, first, first + length);
    } else {
      apply(machine.width(), activation, x, y, first, length);
    }
  }

  static void apply(
      VectorWidth width, Activation activation, float[] x, float[] y, int first, int length) {
    int rest = length % width.lanes();
    int end = first + length - rest;
    applyWhole(width, activation, x, y, first, end);
    if (rest > 0) {
      float[] vector = new float[width.lanes()];
      System.arraycopy(x, end, vector, 0, rest);
      applyWhole(width, activation, vector, vector, 0, vector.length);
      System.arraycopy(vector, 0, y, end, rest);
    }
  }

  private static void applyWhole(
      VectorWidth width, Activation activation, float[] x, float[] y, int first, int end) {
    float root = (float) Math.sqrt(8 / Math.PI);
    switch (activation) {
      case RELU -> relu(x, y, first, end);
      case LEAKY_RELU -> leakyRelu(x, y, first, end);
      case SILU -> gate(width, 1, 0, x, y, first, end);
      case GELU -> gelu(width, x, y, first, end);
      // ½(1 + tanh u) = sigmoid(2u)
      case GELU_TANH -> gate(width, root, root * CUBIC, x, y, first, end);
      case SIGMOID -> sigmoid(width, x, y, first, end);
      case TANH -> tanh(width, x, y, first, end);
    }
  }

  private static void relu(float[] x, float[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = Math.max(x[i], 0);
    }
  }

  private static void leakyRelu(float[] x, float[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      // The larger of the two, as the slope is below 1.
      y[i] = Math.max(x[i], LEAK * x[i]);
    }
  }

  /** x·sigmoid(linear·x + cubic·x³). */
  private static void gate(
      VectorWidth width, float linear, float cubic, float[] x, float[] y, int first, int end) {
    VectorSpecies<Float> f = width.floats();
    FloatVector slope = FloatVector.broadcast(f, linear);
    FloatVector curve = FloatVector.broadcast(f, cubic);
    for (int i = first; i < end; i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, i);
      FloatVector u = v.mul(v).fma(curve, slope).mul(v);
      v.div(VectorMath.exp(f, u.neg()).add(1f)).intoArray(y, i);
    }
  }

  /** 1 / (1 + e⁻ˣ). */
  private static void sigmoid(VectorWidth width, float[] x, float[] y, int first, int end) {
    VectorSpecies<Float> f = width.floats();
    FloatVector one = FloatVector.broadcast(f, 1f);
    for (int i = first; i < end; i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, i);
      one.div(VectorMath.exp(f, v.neg()).add(1f)).intoArray(y, i);
    }
  }

  /** |m / (2 + m)| with m = e^(−2|x|) − 1, and the sign of x. */
  private static void tanh(VectorWidth width, float[] x, float[] y, int first, int end) {
    VectorSpecies<Float> f = width.floats();
    for (int i = first; i < end; i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, i);
      FloatVector m = VectorMath.expm1(f, v.abs().mul(-2f));
      IntVector t = m.div(m.add(2f)).abs().reinterpretAsInts();
      IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
      t.or(sign).reinterpretAsFloats().intoArray(y, i);
    }
  }

  /**
   * x·Φ(x) with Φ(−z) = e^(−z²/2)·g(1 / (1 + 0.35 z)) for z ≥ 0; the polynomial g was fitted for
   * the least relative error, 3.2e-8 up to z = 13.
   */
  private static void gelu(VectorWidth width, float[] x, float[] y, int first, int end) {
    VectorSpecies<Float> f = width.floats();
    FloatVector one = FloatVector.broadcast(f, 1f);
    for (int i = first; i < end; i += f.length()) {
      FloatVector v = FloatVector.fromArray(f, x, i);
      FloatVector t = one.div(v.abs().fma(FloatVector.broadcast(f, 0.35f), one));
      FloatVector g = FloatVector.broadcast(f, -0.029095097f);
      g = g.fma(t, FloatVector.broadcast(f, 0.14371955f));
      g = g.fma(t, FloatVector.broadcast(f, -0.25518227f));
      g = g.fma(t, FloatVector.broadcast(f, 0.15855235f));
      g = g.fma(t, FloatVector.broadcast(f, -0.022670817f));
      g = g.fma(t, FloatVector.broadcast(f, 0.10531692f));
      g = g.fma(t, FloatVector.broadcast(f, 0.11988276f));
      g = g.fma(t, FloatVector.broadcast(f, 0.13985474f));
      g = g.fma(t, FloatVector.broadcast(f, 0.13962182f)).mul(t);
      FloatVector tail = VectorMath.exp(f, v.mul(-0.5f).mul(v)).mul(g);
      v.mul(tail.blend(one.sub(tail), v.compare(GT, 0f))).intoArray(y, i);
    }
  }

  /**
   * y = a ⊙ sigmoid(b).
   *
   * @param x holds {@code length} values from {@code aFirst} on, and as many from {@code bFirst} on
   */
  static void glu(
      Machine machine, float[] x, int aFirst, int bFirst, float[] y, int yFirst, int length) {
    if (machine.scalars().standIn()) {
      ScalarMath.glu(x, aFirst, bFirst, y, yFirst, length);
    } else {
      glu(machine.width(), x, aFirst, bFirst, y, yFirst, length);
    }
  }

  private static void glu(
      VectorWidth width, float[] x, int aFirst, int bFirst, float[] y, int yFirst, int length) {
    int lanes = width.lanes();
    int rest = length % lanes;
    int whole = length - rest;
    gluWhole(width, x, aFirst, bFirst, y, yFirst, whole);
    if (rest > 0) {
      float[] vectors = new float[2 * lanes];
      System.arraycopy(x, aFirst + whole, vectors, 0, rest);
      System.arraycopy(x, bFirst + whole, vectors, lanes, rest);
      gluWhole(width, vectors, 0, lanes, vectors, 0, lanes);
      System.arraycopy(vectors, 0, y, yFirst + whole, rest);
    }
  }

  private static void gluWhole(
      VectorWidth width, float[] x, int aFirst, int bFirst, float[] y, int yFirst, int length) {
    VectorSpecies<Float> f = width.floats();
    for (int i = 0; i < length; i += f.length()) {
      FloatVector a = FloatVector.fromArray(f, x, aFirst + i);
      FloatVector b = FloatVector.fromArray(f, x, bFirst + i);
      a.div(VectorMath.exp(f, b.neg()).add(1f)).intoArray(y, yFirst + i);
    }
  }
}
