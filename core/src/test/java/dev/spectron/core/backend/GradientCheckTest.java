package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  private static final Shape INPUT = Shape.of(2, 3);
  private static final float[] X = {1, -2, 0.5f, 3, 0.25f, -1};
  private static final float[] W = {0.5f, 2, -1, 1.5f, -0.5f, 0.75f};

  private final GradientCheck check =
      new GradientCheck(
          backend -> {
            Weight weight = backend.weight(WeightData.of("w", Shape.of(2, 3), W));
            return inputs ->
                backend.activate(
                    backend.linear(inputs.getFirst(), weight, Weight.none()), Activation.TANH);
          },
          List.of(new Values(INPUT, X)),
          7);

  @Test
  void finiteDifferencesEqualTheGradientByHand() {
    Map<String, float[]> expected = gradientsOfTanh();
    assertThat(check.variables()).containsExactly("input.0", "w");
    for (String variable : check.variables()) {
      for (int i = 0; i < 6; i++) {
        assertThat(check.gradient(variable, i))
            .as(variable + " " + i)
            .isEqualTo(expected.get(variable)[i], within(1e-6));
      }
    }
    check.assertMatches(expected, 4, 1e-6);
  }

  @Test
  void aWrongGradientFails() {
    Map<String, float[]> wrong = gradientsOfTanh();
    wrong.get("w")[4] += 0.01f;
    assertThatThrownBy(() -> check.assertMatches(wrong, 6, 1e-4))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("gradient of w");
  }

  @Test
  void aMissingGradientFails() {
    Map<String, float[]> some = gradientsOfTanh();
    some.remove("input.0");
    assertThatThrownBy(() -> check.assertMatches(some, 6, 1e-4))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("input.0");
  }

  /** d/dx Σ p·tanh(x·Wᵀ) = Σ p·(1 − tanh²)·W, and the same with x for W. */
  private Map<String, float[]> gradientsOfTanh() {
    float[] byInput = new float[6];
    float[] byWeight = new float[6];
    for (int row = 0; row < 2; row++) {
      for (int o = 0; o < 2; o++) {
        double z = 0;
        for (int i = 0; i < 3; i++) {
          z += X[row * 3 + i] * W[o * 3 + i];
        }
        double slope = 1 - Math.tanh(z) * Math.tanh(z);
        double factor = check.projection().values()[row * 2 + o] * slope;
        for (int i = 0; i < 3; i++) {
          byInput[row * 3 + i] += (float) (factor * W[o * 3 + i]);
          byWeight[o * 3 + i] += (float) (factor * X[row * 3 + i]);
        }
      }
    }
    Map<String, float[]> gradients = new HashMap<>();
    gradients.put("input.0", byInput);
    gradients.put("w", byWeight);
    return gradients;
  }
}
