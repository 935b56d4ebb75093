package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradients add up, clip and clear. */
class DjlGradientsTest {
  private DjlBackend backend;
  private DjlGradients gradients;

  @BeforeEach
  void open() {
    backend = DjlBackend.open(DjlOptions.training(1).withThreads(1));
    gradients = backend.gradients();
    backend.weight(WeightData.of("a", Shape.of(2), new float[] {1, 2}));
    backend.weight(WeightData.of("b", Shape.of(1), new float[] {3}));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void aParameterNoLossHasTouchedHasAGradientOfZero() {
    assertThat(values()).containsOnlyKeys("a", "b");
    assertThat(values().get("a")).containsExactly(0, 0);
  }

  @Test
  void gradientsAddUpOverBackwardPassesUntilTheyAreCleared() {
    backward("a", 2, -4);
    backward("a", 0.5f, 0);
    backward("b", 7);
    assertThat(values().get("a")).containsExactly(2.5f, -4);
    assertThat(values().get("b")).containsExactly(7);
    gradients.zero();
    assertThat(values().get("a")).containsExactly(0, 0);
    backward("a", 1, 1);
    assertThat(values().get("a")).containsExactly(1, 1);
  }

  @Test
  void clippingScalesAllGradientsTogether() {
    backward("a", 2, -4);
    backward("b", 4);
    assertThat(gradients.clipGlobalNorm(3)).isCloseTo(6, within(1e-5));
    assertThat(values().get("a")[1]).isCloseTo(-2, within(1e-5f));
    assertThat(values().get("b")[0]).isCloseTo(2, within(1e-5f));
    assertThat(gradients.clipGlobalNorm(100)).isCloseTo(3, within(1e-5));
    assertThat(values().get("b")[0]).isCloseTo(2, within(1e-5f));
  }

  @Test
  void clippingSomeGradientsLeavesTheOthers() {
    backward("a", 2, -4);
    backward("b", 4);
    assertThat(gradients.clipGlobalNorm(List.of("b"), 1)).isCloseTo(4, within(1e-5));
    assertThat(values().get("a")).containsExactly(2, -4);
    assertThat(values().get("b")[0]).isCloseTo(1, within(1e-5f));
  }

  @Test
  void scalingMultipliesEveryGradient() {
    backward("a", 2, -4);
    gradients.scale(0.25);
    assertThat(values().get("a")).containsExactly(0.5f, -1);
  }

  @Test
  void zeroClearsWhatIsNotFinite() {
    backward("a", Float.NaN, Float.POSITIVE_INFINITY);
    assertThat(gradients.clipGlobalNorm(1)).isNaN();
    gradients.zero();
    assertThat(values().get("a")).containsExactly(0, 0);
  }

  @Test
  void writingToAGradientChangesItInPlace() {
    backward("a", 2, -4);
    try (Scope _ = backend.openScope()) {
      gradients.arrays().get("a").muli(10);
    }
    assertThat(values().get("a")).containsExactly(20, -40);
    backward("a", 1, 1);
    assertThat(values().get("a")).containsExactly(21, -39);
  }

  private void backward(String path, float... factors) {
    try (Scope _ = backend.openScope()) {
      NDArray factor = backend.array(backend.upload(factors, Shape.of(factors.length)));
      gradients.backward(factor.mul(backend.parameters().get(path)).sum());
    }
  }

  private Map<String, float[]> values() {
    try (Scope _ = backend.openScope()) {
      Map<String, float[]> values = new LinkedHashMap<>();
      gradients.arrays().forEach((path, array) -> values.put(path, array.toFloatArray()));
      return values;
    }
  }
}
