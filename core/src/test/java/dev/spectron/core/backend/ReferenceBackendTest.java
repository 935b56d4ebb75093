package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation on numbers that can be checked by hand. */
class ReferenceBackendTest {
  private static final Weight NONE = Weight.none();

  private final ReferenceBackend reference = new ReferenceBackend();
  private final Backend backend = new CheckedBackend(reference);
  private Scope scope;

  @BeforeEach
  void openScope() {
    scope = backend.openScope();
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  @Test
  void linearIsTheRowTimesEachWeightRow() {
    Tensor x = tensor(Shape.of(1, 2, 3), 1, 2, 3, 0, -1, 1);
    Weight weight = weight(Shape.of(2, 3), 1, 0, 2, -1, 3, 0.5);
    Tensor y = backend.linear(x, weight, weight(Shape.of(2), 10, 20));
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 2));
    isClose(y, 17, 26.5, 12, 17.5);
  }

  @Test
  void sumsKeepDoublePrecision() {
    Tensor x = reference.uploadDoubles(new double[] {1e9, 1, -1e9}, Shape.of(3));
    Tensor y = backend.linear(x, weight(Shape.of(1, 3), 1, 1, 1), NONE);
    assertThat(backend.download(y)).containsExactly(1f);
  }

  @Test
  void embedCopiesTableRowsAndRowZeroForPadding() {
    Weight table = weight(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Tensor y = backend.embed(Tokens.ofRows(List.of(new int[] {2, 1}, new int[] {1})), table);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 2));
    isClose(y, 5, 6, 3, 4, 3, 4, 1, 2);
  }

  @Test
  void layerNormCentresAndScales() {
    Tensor x = tensor(Shape.of(2, 4), 1, 3, 5, 7, 2, 2, 2, 2);
    // mean 4, variance 5 and ε 4: deviation 3; the second frame is constant.
    isClose(backend.layerNorm(x, NONE, NONE, 4), -1, -1 / 3., 1 / 3., 1, 0, 0, 0, 0);
    Weight gain = weight(Shape.of(4), 3, 3, 3, 3);
    Weight bias = weight(Shape.of(4), 0, 0, 10, 10);
    isClose(backend.layerNorm(x, gain, bias, 4), -3, -1, 11, 13, 0, 0, 10, 10);
  }

  @Test
  void rmsNormDividesByTheRootMeanSquare() {
    Tensor x = tensor(Shape.of(1, 2), 3, -4);
    // mean square 12.5 and ε 3.5: root 4.
    isClose(backend.rmsNorm(x, NONE, 3.5f), 0.75, -1);
    isClose(backend.rmsNorm(x, weight(Shape.of(2), 4, 8), 3.5f), 3, -8);
  }

  @Test
  void batchNormUsesStoredStatistics() {
    Tensor x = tensor(Shape.of(2, 2), 1, 2, 3, 4);
    Tensor y =
        backend.batchNorm(
            x,
            weight(Shape.of(2), 1, 0),
            weight(Shape.of(2), 3, 15),
            weight(Shape.of(2), 2, 4),
            weight(Shape.of(2), 0, 1),
            1);
    isClose(y, 0, 3, 2, 5);
  }

  @Test
  void pointwiseOperationsAreWhatTheySay() {
    Tensor x = tensor(Shape.of(3), 1, -2, 0.5);
    Tensor y = tensor(Shape.of(3), 10, 20, 30);
    isClose(backend.add(x, y), 11, 18, 30.5);
    isClose(backend.add(x, y, -0.5f), -4, -12, -14.5);
    isClose(backend.multiply(x, y), 10, -40, 15);
    isClose(backend.scale(x, 4), 4, -8, 2);
    isClose(backend.reshape(x, Shape.of(3, 1)), 1, -2, 0.5);
    assertThat(backend.dropout(x, 0.5f)).isSameAs(x);
    assertThat(backend.stopGradient(x)).isSameAs(x);
  }

  @Test
  void gluGatesTheFirstHalfByTheSecond() {
    Tensor x = tensor(Shape.of(2, 4), 8, 6, 0, Math.log(3), -1, 5, -Math.log(3), 0);
    // sigmoid(0) = 1/2, sigmoid(ln 3) = 3/4, sigmoid(−ln 3) = 1/4.
    isClose(backend.glu(x), 4, 4.5, -0.25, 2.5);
  }

  @Test
  void activationsHaveTheirKnownValues() {
    assertThat(Activation.RELU.apply(-3)).isZero();
    assertThat(Activation.RELU.apply(3)).isEqualTo(3);
    assertThat(Activation.LEAKY_RELU.apply(-3)).isCloseTo(-0.6, within(1e-15));
    assertThat(Activation.SIGMOID.apply(Math.log(3))).isCloseTo(0.75, within(1e-15));
    assertThat(Activation.SILU.apply(Math.log(3))).isCloseTo(0.75 * Math.log(3), within(1e-15));
    // Φ(1) from tables of the normal distribution.
    assertThat(Activation.GELU.apply(1)).isCloseTo(0.8413447460685429, within(1e-12));
    assertThat(Activation.GELU.apply(-1)).isCloseTo(-0.15865525393145707, within(1e-12));
    assertThat(Activation.GELU_TANH.apply(1)).isCloseTo(0.8411919906082768, within(1e-12));
    assertThat(Activation.TANH.apply(0.5)).isEqualTo(Math.tanh(0.5));
  }

  @Test
  void activateAppliesToEveryElement() {
    isClose(backend.activate(tensor(Shape.of(2, 2), -1, 2, -3, 4), Activation.RELU), 0, 2, 0, 4);
  }

  @Test
  void concatTimeClosesTheGapsOfPadding() {
    Tensor a = tensor(Shape.of(2, 3, 1), 1, 2, 99, 3, 99, 99);
    Tensor b = tensor(Shape.of(2, 2, 1), 4, 5, 6, 99);
    Tensor y = backend.concatTime(List.of(a, b), List.of(Lengths.of(2, 1), Lengths.of(2, 1)));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 4, 1));
    isClose(y, 1, 2, 4, 5, 3, 6, 0, 0);
  }

  @Test
  void sliceTimeCutsAndPads() {
    Tensor x = tensor(Shape.of(2, 3, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    Tensor y = backend.sliceTime(x, new int[] {1, 0}, Lengths.of(2, 1));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 2));
    isClose(y, 3, 4, 5, 6, 7, 8, 0, 0);
  }

  @Test
  void upsampleTimeRepeatsEachFrame() {
    Tensor x = tensor(Shape.of(1, 2, 2), 1, 2, 3, 4);
    isClose(backend.upsampleTime(x, 3), 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4);
  }

  @Test
  void feedForwardsAreTheirFormulas() {
    Tensor x = tensor(Shape.of(1, 1, 1), 2);
    Weight up = weight(Shape.of(2, 1), 1, -1);
    Weight gate = weight(Shape.of(2, 1), 3, -3);
    Weight down = weight(Shape.of(1, 2), 10, 100);
    Weight bias = weight(Shape.of(2), 0.5, 4);
    // relu(2.5)·10 + relu(2)·100 + 7
    isClose(backend.feedForward(x, up, bias, Activation.RELU, down, weight(Shape.of(1), 7)), 232);
    // relu(6)·2·10 + relu(−6)·(−2)·100
    isClose(backend.gatedFeedForward(x, gate, up, Activation.RELU, down), 120);
  }

  private void isClose(Tensor found, double... expected) {
    assertThat(reference.downloadDoubles(found)).containsExactly(expected, within(1e-12));
  }

  private Tensor tensor(Shape shape, double... values) {
    return reference.uploadDoubles(values, shape);
  }

  private Weight weight(Shape shape, double... values) {
    return backend.weight(WeightData.of("weight", shape, values));
  }
}
