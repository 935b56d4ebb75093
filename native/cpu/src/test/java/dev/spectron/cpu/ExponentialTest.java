package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Activation;
import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exponentials and what is made of them, in units of the last place of the exact value. */
class ExponentialTest {
  private static final int POINTS = 1 << 12;

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void expIsWithinOneUlp(int bits) {
    float[] x = between(-87, 88.72f);
    assertThat(worstUlps(x, exp(bits, x), Math::exp)).isLessThan(1.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void exponentialsAndGatesAreTheSameWithoutVectors(int bits) {
    float[] x = between(-95, 95);
    x[7] = Float.NaN;
    x[11] = Float.NEGATIVE_INFINITY;
    float[] exp = new float[x.length];
    float[] gates = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      exp[i] = ScalarMath.exp(x[i]);
    }
    ScalarMath.gate(1, 0, x, gates, 0, x.length);
    assertThat(exp).isEqualTo(exp(bits, x));
    assertThat(gates).isEqualTo(activate(bits, Activation.SILU, x));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void expm1IsWithinTwoUlps(int bits) {
    VectorSpecies<Float> f = VectorWidth.of(bits).floats();
    for (float reach : new float[] {1e-6f, 0.4f, 40}) {
      float[] x = between(-reach, reach);
      float[] y = new float[x.length];
      for (int i = 0; i < x.length; i += f.length()) {
        VectorMath.expm1(f, FloatVector.fromArray(f, x, i)).intoArray(y, i);
      }
      assertThat(worstUlps(x, y, Math::expm1)).isLessThan(2.0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void sigmoidAndTanhAreWithinFourUlps(int bits) {
    for (float reach : new float[] {1e-4f, 1, 9, 80}) {
      float[] x = between(-reach, reach);
      for (Activation activation :
          new Activation[] {Activation.SIGMOID, Activation.TANH, Activation.SILU}) {
        float[] y = activate(bits, activation, x);
        assertThat(worstUlps(x, y, activation::apply))
            .as("%s up to %s on %d bits", activation, reach, bits)
            .isLessThan(4.0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void geluIsWithinAMillionthOfItsArgument(int bits) {
    for (Activation activation : new Activation[] {Activation.GELU, Activation.GELU_TANH}) {
      float[] x = between(-20, 20);
      float[] y = activate(bits, activation, x);
      for (int i = 0; i < x.length; i++) {
        assertThat(Math.abs(y[i] - activation.apply(x[i])))
            .as("%s of %s", activation, x[i])
            .isLessThanOrEqualTo(2e-7 * Math.abs(x[i]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void extremeArgumentsSaturateAndNanStays(int bits) {
    float[] x = {
      -1e30f, Float.NEGATIVE_INFINITY, 1e30f, Float.POSITIVE_INFINITY, Float.NaN, 0, -0f, 88.73f
    };
    float[] padded = new float[16];
    System.arraycopy(x, 0, padded, 0, x.length);
    float[] exp = exp(bits, padded);
    assertThat(exp[0]).isBetween(0f, 2e-38f);
    assertThat(exp[1]).isBetween(0f, 2e-38f);
    assertThat(exp[2]).isGreaterThan(3e38f);
    assertThat(exp[3]).isGreaterThan(3e38f);
    assertThat(exp[4]).isNaN();
    assertThat(exp[5]).isEqualTo(1);
    assertThat(exp[6]).isEqualTo(1);
    assertThat(exp[7]).isGreaterThan(3e38f);
    float[] tanh = activate(bits, Activation.TANH, padded);
    assertThat(tanh).startsWith(-1, -1, 1, 1, Float.NaN, 0);
    for (Activation activation : Activation.values()) {
      assertThat(activate(bits, activation, padded)[4]).as("%s of NaN", activation).isNaN();
    }
  }

  private static float[] exp(int bits, float[] x) {
    VectorSpecies<Float> f = VectorWidth.of(bits).floats();
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i += f.length()) {
      VectorMath.exp(f, FloatVector.fromArray(f, x, i)).intoArray(y, i);
    }
    return y;
  }

  private static float[] activate(int bits, Activation activation, float[] x) {
    float[] y = new float[x.length];
    ActivationKernel.apply(VectorWidth.of(bits), activation, x, y, 0, x.length);
    return y;
  }

  private static float[] between(float low, float high) {
    float[] x = new float[POINTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (low + (high - low) * ((double) i / (x.length - 1)));
    }
    return x;
  }

  private static double worstUlps(float[] x, float[] y, DoubleUnaryOperator exact) {
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      double expected = exact.applyAsDouble(x[i]);
      double ulps = Math.abs(y[i] - expected) / Math.ulp((float) expected);
      // A comparison with NaN is false: an unordered error must not pass.
      worst = ulps <= worst ? worst : ulps;
    }
    return worst;
  }
}
