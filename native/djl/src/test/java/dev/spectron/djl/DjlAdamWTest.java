package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The optimiser against the formula written out. */
class DjlAdamWTest {
  private static final DjlAdamW.Settings SETTINGS = new DjlAdamW.Settings(0.9, 0.95, 1e-8);
  private static final int SIZE = 33;

  private final long seed = Seeds.next();
  private final SplittableRandom random = new SplittableRandom(seed);
  private DjlBackend backend;
  private float[] start;

  @BeforeEach
  void open() {
    backend = DjlBackend.open(DjlOptions.training(seed).withThreads(1));
    start = numbers();
    for (String path : List.of("a", "b", "frozen")) {
      backend.weight(WeightData.of(path, Shape.of(SIZE), start));
    }
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void stepsFollowTheFormulaInEveryGroup() {
    Plain a = new Plain(start, 1, 0.1);
    Plain b = new Plain(start, 0.25, 0);
    try (DjlAdamW optimiser = new DjlAdamW(backend, SETTINGS, groups())) {
      for (int step = 1; step <= 20; step++) {
        double rate = 1e-2 / step;
        float[] gradient = numbers();
        setGradients(gradient);
        optimiser.step(rate);
        a.step(gradient, rate, step);
        b.step(gradient, rate, step);
      }
      assertThat(optimiser.steps()).isEqualTo(20);
      assertClose(parameter("a"), a.values);
      assertClose(parameter("b"), b.values);
      assertThat(parameter("frozen")).isEqualTo(start);
      assertClose(optimiser.moments().get("a").mean(), a.mean);
      assertClose(optimiser.moments().get("b").square(), b.square);
    }
  }

  @Test
  void aRestoredOptimiserGoesOnAsIfNothingHadHappened() {
    float[] gradient = numbers();
    float[] atStop;
    float[] atEnd;
    Map<String, DjlAdamW.Moments> stored;
    try (DjlAdamW optimiser = new DjlAdamW(backend, SETTINGS, groups())) {
      setGradients(gradient);
      optimiser.step(1e-2);
      optimiser.step(1e-2);
      stored = optimiser.moments();
      atStop = parameter("a");
      optimiser.step(1e-2);
      atEnd = parameter("a");
    }
    try (DjlBackend again = DjlBackend.open(DjlOptions.training(seed).withThreads(1))) {
      for (String path : List.of("a", "b", "frozen")) {
        again.weight(WeightData.of(path, Shape.of(SIZE), atStop));
      }
      backend.close();
      backend = again;
      try (DjlAdamW optimiser = new DjlAdamW(again, SETTINGS, groups())) {
        optimiser.restore(2, stored);
        setGradients(gradient);
        optimiser.step(1e-2);
        assertThat(optimiser.steps()).isEqualTo(3);
      }
      assertThat(parameter("a")).isEqualTo(atEnd);
    }
  }

  @Test
  void momentsThatDoNotFitAreRejectedAndChangeNothing() {
    try (DjlAdamW optimiser = new DjlAdamW(backend, SETTINGS, groups())) {
      setGradients(numbers());
      optimiser.step(1e-2);
      float[] before = optimiser.moments().get("a").mean();
      DjlAdamW.Moments good = new DjlAdamW.Moments(new float[SIZE], new float[SIZE]);
      DjlAdamW.Moments shorter = new DjlAdamW.Moments(new float[SIZE], new float[SIZE - 1]);
      assertThatThrownBy(() -> optimiser.restore(7, Map.of("a", good)))
          .isInstanceOf(TrainingException.class)
          .hasMessage("adamw: b: expected its moments in the checkpoint, found none");
      assertThatThrownBy(() -> optimiser.restore(7, Map.of("a", good, "b", shorter)))
          .isInstanceOf(TrainingException.class)
          .hasMessage("adamw: b: expected moments of 33 elements, found 33 and 32");
      assertThat(optimiser.moments().get("a").mean()).isEqualTo(before);
      assertThat(optimiser.steps()).isEqualTo(1);
    }
  }

  @Test
  void unknownAndRepeatedParametersAreRejected() {
    assertThatThrownBy(() -> optimiser(new DjlAdamW.Group(List.of("c"), 1, 0)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "adamw: c: expected a trainable parameter of the back end, found none of that name");
    DjlAdamW.Group group = new DjlAdamW.Group(List.of("a"), 1, 0);
    assertThatThrownBy(() -> optimiser(group, group))
        .isInstanceOf(TrainingException.class)
        .hasMessage("adamw: a: expected each parameter in one group, found it twice");
  }

  @Test
  void numbersOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new DjlAdamW.Settings(0.9, 1, 1e-8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "adamw: expected betas in [0, 1) and epsilon above 0, found 0.9, 1.0 and 1.0E-8");
    assertThatThrownBy(() -> new DjlAdamW.Group(List.of(), 1, -0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "adamw: expected a rate factor and a weight decay of at least 0, found 1.0 and -0.1");
  }

  private DjlAdamW optimiser(DjlAdamW.Group... groups) {
    return new DjlAdamW(backend, SETTINGS, List.of(groups));
  }

  private static List<DjlAdamW.Group> groups() {
    return List.of(
        new DjlAdamW.Group(List.of("a"), 1, 0.1), new DjlAdamW.Group(List.of("b"), 0.25, 0));
  }

  private void setGradients(float[] gradient) {
    backend.gradients().zero();
    try (Scope _ = backend.openScope()) {
      NDArray factors = backend.array(backend.upload(gradient, Shape.of(SIZE)));
      NDArray loss = factors.mul(backend.parameters().get("a")).sum();
      loss = loss.add(factors.mul(backend.parameters().get("b")).sum());
      loss = loss.add(factors.mul(backend.parameters().get("frozen")).sum());
      backend.gradients().backward(loss);
    }
  }

  private float[] parameter(String path) {
    return backend.parameters().get(path).toFloatArray();
  }

  private float[] numbers() {
    float[] numbers = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private void assertClose(float[] found, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i])
          .as("element %d, seed %d", i, seed)
          .isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  /** AdamW in double precision, one parameter. */
  private static final class Plain {
    private final double rateFactor;
    private final double decay;
    private final double[] values;
    private final double[] mean = new double[SIZE];
    private final double[] square = new double[SIZE];

    Plain(float[] start, double rateFactor, double decay) {
      this.rateFactor = rateFactor;
      this.decay = decay;
      this.values = new double[SIZE];
      Arrays.setAll(values, i -> start[i]);
    }

    void step(float[] gradient, double learningRate, int step) {
      double rate = learningRate * rateFactor;
      for (int i = 0; i < SIZE; i++) {
        mean[i] = SETTINGS.beta1() * mean[i] + (1 - SETTINGS.beta1()) * gradient[i];
        square[i] =
            SETTINGS.beta2() * square[i] + (1 - SETTINGS.beta2()) * gradient[i] * gradient[i];
        double m = mean[i] / (1 - Math.pow(SETTINGS.beta1(), step));
        double v = square[i] / (1 - Math.pow(SETTINGS.beta2(), step));
        values[i] -= rate * decay * values[i];
        values[i] -= rate * m / (Math.sqrt(v) + SETTINGS.epsilon());
      }
    }
  }
}
