package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the back end promises a training loop. */
class DjlTrainingTest {
  private static final Shape SHAPE = Shape.of(2, 6, 8);
  private static final Lengths LENGTHS = Lengths.of(6, 4);
  private static final Weight NONE = Weight.none();

  private final long seed = Seeds.next();
  private final SplittableRandom random = new SplittableRandom(seed);
  private DjlBackend backend;
  private Weight weight;
  private float[] input;

  @BeforeEach
  void open() {
    backend = DjlBackend.open(DjlOptions.training(seed).withThreads(1));
    weight = backend.weight(WeightData.of("weight", Shape.of(8, 8), numbers(64, 0.3)));
    input = numbers(SHAPE.arrayLength(), 1);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void aHundredStepsLeaveNoArrayBehindAndTheLossFalls() {
    List<DjlAdamW.Group> groups = List.of(new DjlAdamW.Group(List.of("weight"), 1, 0));
    try (DjlAdamW optimiser = new DjlAdamW(backend, DjlAdamW.Settings.usual(), groups)) {
      float first = step(optimiser);
      int before = liveArrays();
      float last = first;
      for (int i = 0; i < 100; i++) {
        last = step(optimiser);
        assertThat(liveArrays()).as("arrays after step " + i).isEqualTo(before);
      }
      assertThat(last).isLessThan(first / 2);
    }
  }

  private float step(DjlAdamW optimiser) {
    try (Scope _ = backend.openScope()) {
      Tensor y = model(backend.upload(input, SHAPE));
      NDArray error = backend.array(backend.add(y, backend.upload(input, SHAPE), -1f));
      NDArray loss = error.square().mean();
      backend.gradients().zero();
      backend.gradients().backward(loss);
      backend.gradients().clipGlobalNorm(1);
      optimiser.step(3e-2);
      return loss.getFloat();
    }
  }

  /** Touches masks, tables and dropout, each of which holds arrays of its own. */
  private Tensor model(Tensor x) {
    AttentionSpec spec = AttentionSpec.of(2, 2, 4, new AttentionMask.Full());
    Position rotary = new Position.Rotary(4, 10000, new RotaryScaling.None());
    Tensor y = backend.attention(x, x, x, spec, rotary, LENGTHS, KvCache.Layer.none());
    y = backend.dropout(backend.add(x, y, 0.1f), 0.01f);
    return backend.feedForward(y, weight, NONE, Activation.LEAKY_RELU, weight, NONE);
  }

  private int liveArrays() {
    return backend.base().getManagedArrays().size() + backend.liveArrays();
  }

  @Test
  void aResultOnAWeightIsAnErrorAndNotALeak() {
    try (Scope _ = backend.openScope()) {
      NDArray x = backend.array(backend.upload(numbers(64, 1), Shape.of(8, 8)));
      NDArray parameter = backend.parameters().get("weight");
      assertThat(x.mul(parameter).getManager()).isSameAs(backend.manager());
      assertThatThrownBy(() -> parameter.mul(x)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void dropoutZeroesItsShareAndKeepsTheMean() {
    try (Scope _ = backend.openScope()) {
      float[] ones = new float[100_000];
      Arrays.fill(ones, 1);
      for (float rate : new float[] {0.1f, 0.5f}) {
        Tensor x = backend.upload(ones, Shape.of(ones.length));
        float[] y = backend.download(backend.dropout(x, rate));
        long zeros = 0;
        for (float value : y) {
          assertThat(value == 0 || value == 1 / (1 - rate)).isTrue();
          zeros += value == 0 ? 1 : 0;
        }
        double expected = rate * ones.length;
        double deviation = Math.sqrt(expected * (1 - rate));
        assertThat((double) zeros)
            .as("zeros at rate %s, seed %d", rate, seed)
            .isBetween(expected - 6 * deviation, expected + 6 * deviation);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameDropout() {
    float[] first = dropped();
    assertThat(dropped()).isNotEqualTo(first);
    backend.seed(seed);
    assertThat(dropped()).isEqualTo(first);
  }

  private float[] dropped() {
    try (Scope _ = backend.openScope()) {
      return backend.download(backend.dropout(backend.upload(input, SHAPE), 0.5f));
    }
  }

  @Test
  void evaluationHasNoDropoutAndNoGraph() {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(input, SHAPE);
      try (DjlBackend.Evaluation _ = backend.evaluate()) {
        assertThat(backend.dropout(x, 0.5f)).isSameAs(x);
        NDArray loss = backend.array(backend.linear(x, weight, NONE)).sum();
        assertThatThrownBy(() -> backend.gradients().backward(loss))
            .isInstanceOf(TrainingException.class)
            .hasMessageStartingWith("djl: the loss cannot be taken backward: ")
            .hasMessageEndingWith(
                "; make it in one piece from trainable weights, outside evaluate()");
      }
      assertThat(backend.dropout(x, 0.5f)).isNotSameAs(x);
      backend.gradients().backward(backend.array(backend.linear(x, weight, NONE)).sum());
      assertThat(backend.gradients().clipGlobalNorm(1)).isPositive();
    }
  }

  @Test
  void aGraphIsTakenBackwardOnce() {
    try (Scope _ = backend.openScope()) {
      NDArray loss = backend.array(backend.linear(backend.upload(input, SHAPE), weight, NONE));
      NDArray sum = loss.square().sum();
      backend.gradients().backward(sum);
      assertThatThrownBy(() -> backend.gradients().backward(sum))
          .isInstanceOf(TrainingException.class);
    }
  }

  @Test
  void aTensorMadeInEvaluationMayJoinAGraphLater() {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(input, SHAPE);
      Tensor constant;
      try (DjlBackend.Evaluation _ = backend.evaluate()) {
        constant = backend.linear(x, weight, NONE);
      }
      Tensor y = backend.multiply(backend.linear(x, weight, NONE), constant);
      backend.gradients().backward(backend.array(y).sum());
      assertThat(backend.gradients().clipGlobalNorm(1)).isPositive();
    }
  }

  @Test
  void aKeptResultCanBeTakenBackwardAfterItsScopeHasClosed() {
    try (Scope _ = backend.openScope()) {
      Tensor kept;
      try (Scope inner = backend.openScope()) {
        Tensor x = backend.upload(input, SHAPE);
        kept = inner.keep(backend.linear(x, weight, NONE));
      }
      for (int i = 0; i < 20; i++) {
        try (Scope _ = backend.openScope()) {
          backend.upload(numbers(input.length, 1e6), SHAPE);
        }
      }
      backend.gradients().backward(backend.array(kept).sum());
      float[] found = backend.gradients().arrays().get("weight").toFloatArray();
      for (int in = 0; in < 8; in++) {
        double sum = 0;
        for (int frame = 0; frame < 12; frame++) {
          sum += input[frame * 8 + in];
        }
        assertThat((double) found[in]).isCloseTo(sum, within(1e-4));
      }
    }
  }

  @Test
  void statisticsAreNotParameters() {
    Shape shape = Shape.of(1);
    backend.weight(WeightData.of("norm.running_mean", shape, new float[] {1}));
    backend.weight(WeightData.of("norm.running_variance", shape, new float[] {1}));
    backend.weight(WeightData.of("norm.gain", shape, new float[] {1}));
    assertThat(backend.parameters()).containsOnlyKeys("weight", "norm.gain");
  }

  @Test
  void aParameterLoadedTwiceIsAnError() {
    WeightData again = WeightData.of("weight", Shape.of(1), new float[1]);
    assertThatThrownBy(() -> backend.weight(again))
        .isInstanceOf(BackendException.class)
        .hasMessage("djl: weight: expected every weight to be loaded once, found it twice");
  }

  @Test
  void answeringHasNoParameters() {
    try (DjlBackend answering = DjlBackend.open(DjlOptions.answering().withThreads(1))) {
      answering.weight(WeightData.of("weight", Shape.of(1), new float[1]));
      assertThat(answering.parameters()).isEmpty();
    }
  }

  private float[] numbers(int n, double deviation) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) (deviation * random.nextGaussian());
    }
    return numbers;
  }
}
