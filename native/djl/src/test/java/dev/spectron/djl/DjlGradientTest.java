package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Conv2dSpec;
import dev.spectron.core.backend.GradientCheck;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.SideBySide;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gradients of every operation against finite differences on the reference. */
class DjlGradientTest {
  private static final int ENTRIES = 6;
  private static final double TOLERANCE = 1e-4;
  private static final Lengths RAGGED = Lengths.of(5, 3);

  private final long seed = Seeds.next();
  private DjlBackend djl;
  private SideBySide data;

  @BeforeEach
  void open() {
    djl = DjlBackend.open(DjlOptions.training(seed).withThreads(1));
    data = new SideBySide(djl, TOLERANCE, seed);
  }

  @AfterEach
  void close() {
    djl.close();
  }

  @Test
  void denseOperations() {
    WeightData weight = data.weight(6, 4);
    WeightData bias = data.weight(6);
    check(
        b -> {
          Weight w = b.weight(weight);
          Weight c = b.weight(bias);
          return x -> b.linear(x.getFirst(), w, c);
        },
        data.random(2, 3, 4));
  }

  @Test
  void feedForwards() {
    WeightData up = data.weight(7, 4);
    WeightData upBias = data.weight(7);
    WeightData down = data.weight(3, 7);
    WeightData downBias = data.weight(3);
    check(
        b -> {
          Weight w = b.weight(up);
          Weight c = b.weight(upBias);
          Weight v = b.weight(down);
          Weight d = b.weight(downBias);
          return x -> b.feedForward(x.getFirst(), w, c, Activation.SILU, v, d);
        },
        data.random(2, 3, 4));
  }

  @Test
  void gatedFeedForwards() {
    WeightData gate = data.weight(7, 4);
    WeightData up = data.weight(7, 4);
    WeightData down = data.weight(3, 7);
    check(
        b -> {
          Weight g = b.weight(gate);
          Weight u = b.weight(up);
          Weight d = b.weight(down);
          return x -> b.gatedFeedForward(x.getFirst(), g, u, Activation.GELU, d);
        },
        data.random(2, 3, 4));
  }

  @Test
  void embeddingsMatch() {
    WeightData table = data.weight(7, 4);
    Tokens tokens = Tokens.ofRows(List.of(new int[] {3, 1, 3}, new int[] {6, 0, 2}));
    check(
        b -> {
          Weight w = b.weight(table);
          return _ -> b.embed(tokens, w);
        });
  }

  @Test
  void convolutionsInTime() {
    for (Conv1dSpec spec :
        List.of(
            Conv1dSpec.same(3, 1, 1),
            Conv1dSpec.same(4, 2, 4),
            Conv1dSpec.causal(3, 1, 2),
            new Conv1dSpec(3, 2, 1, 1, 1, 1))) {
      WeightData weight = data.weight(4, 4 / spec.groups(), spec.kernelSize());
      WeightData bias = data.weight(4);
      check(
          b -> {
            Weight w = b.weight(weight);
            Weight c = b.weight(bias);
            return x -> b.conv1d(x.getFirst(), w, c, spec, RAGGED);
          },
          data.random(2, 5, 4));
    }
  }

  @Test
  void transposedConvolutions() {
    WeightData weight = data.weight(4, 3, 4);
    WeightData bias = data.weight(3);
    check(
        b -> {
          Weight w = b.weight(weight);
          Weight c = b.weight(bias);
          return x -> b.convTranspose1d(x.getFirst(), w, c, 2, 1, RAGGED);
        },
        data.random(2, 5, 4));
  }

  @Test
  void convolutionsOverTimeAndFrequency() {
    WeightData weight = data.weight(4, 2, 3, 3);
    WeightData bias = data.weight(4);
    check(
        b -> {
          Weight w = b.weight(weight);
          Weight c = b.weight(bias);
          return x -> b.conv2d(x.getFirst(), w, c, new Conv2dSpec(3, 2, 1, 1), RAGGED);
        },
        data.random(2, 5, 6, 2));
  }

  @Test
  void normsMatch() {
    WeightData gain = data.weight(5);
    WeightData bias = data.weight(5);
    check(
        b -> {
          Weight g = b.weight(gain);
          Weight c = b.weight(bias);
          return x -> b.layerNorm(x.getFirst(), g, c, 1e-3f);
        },
        data.random(2, 3, 5));
    check(
        b -> {
          Weight g = b.weight(gain);
          return x -> b.rmsNorm(x.getFirst(), g, 1e-3f);
        },
        data.random(2, 3, 5));
  }

  @Test
  void storedStatisticsAreConstants() {
    Shape shape = Shape.of(3);
    WeightData mean = WeightData.of("norm.running_mean", shape, new float[] {0.1f, -0.2f, 0.3f});
    WeightData variance = WeightData.of("norm.running_variance", shape, new float[] {1, 0.5f, 2});
    WeightData gain = data.weight(3);
    WeightData bias = data.weight(3);
    check(
        Set.of("norm.running_mean", "norm.running_variance"),
        b -> {
          Weight m = b.weight(mean);
          Weight v = b.weight(variance);
          Weight g = b.weight(gain);
          Weight c = b.weight(bias);
          return x -> b.batchNorm(x.getFirst(), m, v, g, c, 1e-3f);
        },
        data.random(2, 3, 3));
  }

  @Test
  void attentionUnderEveryMask() {
    for (AttentionMask mask :
        List.of(
            new AttentionMask.Full(),
            new AttentionMask.Causal(),
            new AttentionMask.Prefix(Lengths.of(2, 1)),
            new AttentionMask.Chunked(2, 1, 1))) {
      attention(mask, 2, _ -> new Position.None());
    }
  }

  @Test
  void attentionUnderEveryPosition() {
    RotaryScaling trained = new RotaryScaling.None();
    AttentionMask causal = new AttentionMask.Causal();
    attention(causal, 1, _ -> new Position.Rotary(4, 100, trained));
    attention(causal, 2, _ -> new Position.Rotary(2, 100, trained));
    WeightData projection = data.weight(8, 8);
    WeightData u = data.weight(2, 4);
    WeightData v = data.weight(2, 4);
    attention(
        new AttentionMask.Full(),
        2,
        b -> new Position.TransformerXl(b.weight(projection), b.weight(u), b.weight(v)));
    WeightData distances = data.weight(4, 4);
    attention(causal, 2, b -> new Position.Shaw(b.weight(distances), 2, 1));
  }

  private void attention(AttentionMask mask, int nKvHeads, PositionLoader loader) {
    AttentionSpec spec = AttentionSpec.of(2, nKvHeads, 4, mask);
    check(
        b -> {
          Position position = loader.load(b);
          return x ->
              b.attention(
                  x.get(0), x.get(1), x.get(2), spec, position, RAGGED, KvCache.Layer.none());
        },
        data.random(2, 5, 8),
        data.random(2, 5, 4 * nKvHeads),
        data.random(2, 5, 4 * nKvHeads));
  }

  @Test
  void pointwiseOperations() {
    Values x = data.random(2, 3, 4);
    Values y = data.random(2, 3, 4);
    check(b -> v -> b.add(v.get(0), v.get(1), -0.3f), x, y);
    check(b -> v -> b.multiply(v.get(0), v.get(1)), x, y);
    check(b -> v -> b.scale(v.getFirst(), 1.7f), x);
    check(b -> v -> b.glu(v.getFirst()), x);
    for (Activation activation : Activation.values()) {
      check(b -> v -> b.activate(v.getFirst(), activation), x);
    }
  }

  @Test
  void movesOfFrames() {
    Values x = data.random(2, 5, 3);
    Values y = data.random(2, 4, 3);
    Lengths few = Lengths.of(2, 4);
    check(b -> v -> b.concatTime(v, List.of(RAGGED, few)), x, y);
    check(b -> v -> b.concatTime(v, List.of(Lengths.full(2, 5), Lengths.full(2, 4))), x, y);
    check(b -> v -> b.sliceTime(v.getFirst(), new int[] {1, 0}, Lengths.of(4, 2)), x);
    check(b -> v -> b.sliceTime(v.getFirst(), new int[] {1, 1}, Lengths.of(3, 3)), x);
    check(b -> v -> b.upsampleTime(v.getFirst(), 3), x);
    check(b -> v -> b.scale(b.reshape(v.getFirst(), Shape.of(2, 15)), 2), x);
  }

  @Test
  void powerSpectrograms() {
    check(b -> v -> b.powerSpectrogram(v.getFirst(), 16, 10, 4), data.random(2, 40, 1));
  }

  @Test
  void aStoppedGradientDoesNotPass() {
    Values values = data.random(2, 3, 4);
    try (Scope _ = djl.openScope()) {
      Tensor x = djl.upload(values.values(), values.shape());
      djl.array(x).setRequiresGradient(true);
      Tensor y = djl.multiply(x, djl.stopGradient(x));
      djl.gradients().backward(djl.array(y).sum());
      // The gradient of x·stop(x) is stop(x); that of x·x would be 2·x.
      assertThat(djl.array(x).getGradient().toFloatArray()).isEqualTo(values.values());
    }
  }

  private void check(GradientCheck.Loader loader, Values... inputs) {
    check(Set.of(), loader, inputs);
  }

  private void check(Set<String> constants, GradientCheck.Loader loader, Values... inputs) {
    GradientCheck reference = new GradientCheck(loader, List.of(inputs), seed);
    Map<String, float[]> found = new LinkedHashMap<>();
    try (DjlBackend backend = DjlBackend.open(DjlOptions.training(seed).withThreads(1));
        Scope _ = backend.openScope()) {
      GradientCheck.Forward forward = loader.load(backend);
      List<Tensor> tensors = new ArrayList<>();
      for (Values input : inputs) {
        Tensor tensor = backend.upload(input.values(), input.shape());
        backend.array(tensor).setRequiresGradient(true);
        tensors.add(tensor);
      }
      NDArray output = backend.array(forward.run(tensors));
      Values projection = reference.projection();
      Tensor factors = backend.upload(projection.values(), projection.shape());
      backend.gradients().backward(output.mul(backend.array(factors)).sum());
      for (int i = 0; i < inputs.length; i++) {
        found.put("input." + i, backend.array(tensors.get(i)).getGradient().toFloatArray());
      }
      backend.gradients().arrays().forEach((path, g) -> found.put(path, g.toFloatArray()));
    }
    reference.assertMatches(found, constants, ENTRIES, TOLERANCE);
  }

  /** Makes a position with its weights. */
  @FunctionalInterface
  private interface PositionLoader {
    Position load(Backend backend);
  }
}
