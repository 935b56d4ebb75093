package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The losses against their definitions, written out slowly in double precision. */
class DjlLossesTest {
  private static final double STEP = 1e-5;

  private final long seed = Seeds.next();
  private final SplittableRandom random = new SplittableRandom(seed);
  private DjlBackend backend;

  @BeforeEach
  void open() {
    backend = DjlBackend.open(DjlOptions.training(seed).withThreads(1));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void crossEntropyIsTheLogarithmOfTheTargetsProbability() {
    int vocabulary = 7;
    int[] targets = {3, 0, -1, 6, 2, -1};
    float[] logits = numbers(targets.length * vocabulary);
    ToDoubleFunction<double[]> slow =
        x -> {
          double sum = 0;
          for (int i = 0; i < targets.length; i++) {
            if (targets[i] >= 0) {
              sum -= logSoftmax(x, i * vocabulary, vocabulary)[targets[i]];
            }
          }
          return sum;
        };
    check(logits, Shape.of(2, 3, 7), x -> backend.losses().crossEntropy(x, targets, -1), slow);
  }

  @Test
  void ignoredPositionsCostNothing() {
    try (Scope _ = backend.openScope()) {
      NDArray logits = backend.array(backend.upload(numbers(6), Shape.of(2, 3)));
      float[] losses = backend.losses().crossEntropy(logits, new int[] {9, 1}, 9).toFloatArray();
      assertThat(losses[0]).isZero();
      assertThat(losses[1]).isPositive();
    }
  }

  @Test
  void ctcSumsOverAllAlignments() {
    Lengths frames = Lengths.of(6, 4, 3, 5);
    // Repeated ids, which need a blank between them; as many ids as frames; no id at all.
    List<int[]> targets =
        List.of(new int[] {1, 1, 2}, new int[] {3}, new int[] {1, 2, 3}, new int[] {});
    for (int blank : new int[] {0, 4}) {
      ToDoubleFunction<double[]> slow =
          x -> {
            double sum = 0;
            for (int row = 0; row < 4; row++) {
              sum += slowCtc(x, row * 6 * 5, frames.at(row), 5, targets.get(row), blank);
            }
            return sum;
          };
      check(
          numbers(4 * 6 * 5),
          Shape.of(4, 6, 5),
          x -> backend.losses().ctc(x.logSoftmax(-1), frames, Tokens.ofRows(targets), blank),
          slow);
    }
  }

  @Test
  void ctcOfTooFewFramesIsZeroWithoutAGradient() {
    try (Scope _ = backend.openScope()) {
      NDArray x = backend.array(backend.upload(numbers(2 * 5), Shape.of(1, 2, 5)));
      x.setRequiresGradient(true);
      Tokens target = Tokens.of(1, 1);
      NDArray loss = backend.losses().ctc(x.logSoftmax(-1), Lengths.full(1, 2), target, 0);
      backend.gradients().backward(loss.sum());
      assertThat(loss.toFloatArray()).containsExactly(0);
      assertThat(x.getGradient().toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void wrongSizesAreRejected() {
    try (Scope _ = backend.openScope()) {
      NDArray x = backend.array(backend.upload(numbers(2 * 3 * 5), Shape.of(2, 3, 5)));
      assertThatThrownBy(() -> backend.losses().crossEntropy(x, new int[5], -1))
          .isInstanceOf(ShapeException.class)
          .hasMessage("cross-entropy: expected 6 targets for logits (2, 3, 5), found 5");
      assertThatThrownBy(() -> backend.losses().ctc(x, Lengths.full(1, 3), Tokens.of(1), 0))
          .isInstanceOf(ShapeException.class)
          .hasMessage(
              "ctc: expected 2 batch rows as in log-probabilities (2, 3, 5), found lengths of 1 and targets of 1");
    }
  }

  /** Compares the sum of the losses and its gradient at every input. */
  private void check(
      float[] input,
      Shape shape,
      Function<NDArray, NDArray> loss,
      ToDoubleFunction<double[]> slow) {
    double[] x = new double[input.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = input[i];
    }
    try (Scope _ = backend.openScope()) {
      Tensor tensor = backend.upload(input, shape);
      NDArray array = backend.array(tensor);
      array.setRequiresGradient(true);
      NDArray sum = loss.apply(array).sum();
      backend.gradients().backward(sum);
      double expected = slow.applyAsDouble(x);
      assertThat((double) sum.getFloat())
          .as("loss, seed %d", seed)
          .isCloseTo(expected, within(1e-5 * Math.abs(expected)));
      float[] gradient = array.getGradient().toFloatArray();
      for (int i = 0; i < x.length; i++) {
        double before = x[i];
        x[i] = before + STEP;
        double above = slow.applyAsDouble(x);
        x[i] = before - STEP;
        double below = slow.applyAsDouble(x);
        x[i] = before;
        assertThat((double) gradient[i])
            .as("gradient at %d, seed %d", i, seed)
            .isCloseTo((above - below) / (2 * STEP), within(1e-4));
      }
    }
  }

  /** −ln Σ over alignments, by the forward recursion over ids with blanks between. */
  private static double slowCtc(
      double[] logits, int start, int frames, int vocabulary, int[] ids, int blank) {
    List<Integer> states = new ArrayList<>();
    for (int id : ids) {
      states.add(blank);
      states.add(id);
    }
    states.add(blank);
    double[] alpha = new double[states.size()];
    for (int t = 0; t < frames; t++) {
      double[] logProbs = logSoftmax(logits, start + t * vocabulary, vocabulary);
      double[] next = new double[alpha.length];
      for (int s = 0; s < alpha.length; s++) {
        double sum = t == 0 ? (s <= 1 ? 1 : 0) : alpha[s] + (s > 0 ? alpha[s - 1] : 0);
        boolean mayjump =
            s > 1 && states.get(s) != blank && !states.get(s).equals(states.get(s - 2));
        if (t > 0 && mayjump) {
          sum += alpha[s - 2];
        }
        next[s] = sum * Math.exp(logProbs[states.get(s)]);
      }
      alpha = next;
    }
    double total = alpha[alpha.length - 1] + (alpha.length > 1 ? alpha[alpha.length - 2] : 0);
    return -Math.log(total);
  }

  private static double[] logSoftmax(double[] x, int start, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(x[start + i]);
    }
    double[] result = new double[n];
    for (int i = 0; i < n; i++) {
      result[i] = x[start + i] - Math.log(sum);
    }
    return result;
  }

  private float[] numbers(int n) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
