package dev.spectron.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderLmTest {
  private static final int D = 16;

  @Test
  void namedDecodersHaveTheParametersOfPalmsFormula() {
    assertThat(count(LmConfig.spectron350m()))
        .isEqualTo(palm(32_000, 1024, 21, 16, 64))
        .isEqualTo(343_824_384L);
    assertThat(count(LmConfig.spectron1b()))
        .isEqualTo(palm(32_000, 2048, 16, 16, 128))
        .isEqualTo(1_013_483_520L);
  }

  @ParameterizedTest
  @MethodSource("everySwitch")
  void cachedStepsEqualTheWholePass(LmConfig config) {
    try (Backend backend = Backends.open("reference")) {
      DecoderLm lm = DecoderLm.load(config, WeightScope.of(backend, new RandomWeights(3)));
      float[] inputs = noise(9, 1);
      try (Scope _ = backend.openScope();
          KvCache cache = lm.cache(backend, 1, 9)) {
        AttentionMask mask = new AttentionMask.Prefix(Lengths.full(1, 4));
        float[] whole = backend.download(forward(backend, lm, inputs, mask, KvCache.none()));

        float[] prefix =
            backend.download(forward(backend, lm, Arrays.copyOf(inputs, 4 * D), mask, cache));
        assertClose(prefix, Arrays.copyOf(whole, 4 * D));
        for (int t = 4; t < 9; t++) {
          Tensor x =
              backend.upload(Arrays.copyOfRange(inputs, t * D, (t + 1) * D), Shape.of(1, 1, D));
          assertClose(
              backend.download(lm.step(backend, x, cache)),
              Arrays.copyOfRange(whole, t * D, (t + 1) * D));
        }
        assertThat(cache.position()).isEqualTo(9);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everySwitch")
  void laterInputsDoNotChangeEarlierStatesAfterThePrefix(LmConfig config) {
    try (Backend backend = Backends.open("reference")) {
      DecoderLm lm = DecoderLm.load(config, WeightScope.of(backend, new RandomWeights(3)));
      try (Scope _ = backend.openScope()) {
        AttentionMask mask = new AttentionMask.Prefix(Lengths.full(1, 3));
        float[] inputs = noise(8, 2);
        float[] before = backend.download(forward(backend, lm, inputs, mask, KvCache.none()));
        inputs[6 * D] += 5;
        float[] after = backend.download(forward(backend, lm, inputs, mask, KvCache.none()));
        assertThat(Arrays.copyOf(after, 6 * D)).isEqualTo(Arrays.copyOf(before, 6 * D));
        assertThat(after[6 * D]).isNotEqualTo(before[6 * D]);

        inputs[2 * D] += 5;
        float[] prefixChanged =
            backend.download(forward(backend, lm, inputs, mask, KvCache.none()));
        assertThat(prefixChanged[0]).as("the prefix attends both ways").isNotEqualTo(after[0]);
      }
    }
  }

  @Test
  void paddedRowsEqualRowsAlone() {
    try (Backend backend = Backends.open("reference")) {
      DecoderLm lm = DecoderLm.load(config(), WeightScope.of(backend, new RandomWeights(3)));
      try (Scope _ = backend.openScope()) {
        Tokens both = Tokens.ofRows(List.of(new int[] {1, 2, 3, 4, 5}, new int[] {6, 7, 8}));
        Tensor x = lm.embed(backend, both);
        Tensor states =
            lm.forward(backend, x, new AttentionMask.Causal(), both.lengths(), KvCache.none());
        float[] logits = backend.download(lm.logits(backend, states));

        Tokens one = Tokens.of(6, 7, 8);
        Tensor y =
            lm.forward(
                backend,
                lm.embed(backend, one),
                new AttentionMask.Causal(),
                one.lengths(),
                KvCache.none());
        int v = config().vocabulary();
        assertClose(
            Arrays.copyOfRange(logits, 5 * v, 8 * v), backend.download(lm.logits(backend, y)));
      }
    }
  }

  @Test
  void runningOutOfPositionsSaysWhatToDo() {
    try (Backend backend = Backends.open("reference")) {
      DecoderLm lm = DecoderLm.load(config(), WeightScope.of(backend, new RandomWeights(3)));
      try (Scope _ = backend.openScope()) {
        float[] inputs = noise(33, 1);
        assertThatThrownBy(
                () -> forward(backend, lm, inputs, new AttentionMask.Causal(), KvCache.none()))
            .isInstanceOf(CapacityException.class)
            .hasMessage(
                "language model: position 33 reached lm.max_positions 32; ask a shorter question or lower max_speech_frames");
      }
    }
  }

  @Test
  void headsThatDoNotDivideAreNamed() {
    assertThatThrownBy(
            () ->
                config(
                    4,
                    3,
                    LmConfig.Block.SERIAL,
                    NormConfig.Kind.RMS_NORM,
                    LmConfig.QueryKeyNorm.NONE,
                    LmConfig.FeedForwardKind.SILU,
                    false))
        .isInstanceOf(BundleException.class)
        .hasMessage("config.json: lm.n_kv_heads: expected a divisor of n_heads 4, found 3");
  }

  static Stream<LmConfig> everySwitch() {
    return Stream.of(
        config(),
        config(
            4,
            1,
            LmConfig.Block.PARALLEL,
            NormConfig.Kind.LAYER_NORM,
            LmConfig.QueryKeyNorm.NONE,
            LmConfig.FeedForwardKind.GATED_SILU,
            true),
        config(
            4,
            2,
            LmConfig.Block.SERIAL,
            NormConfig.Kind.NON_PARAMETRIC,
            LmConfig.QueryKeyNorm.HEAD,
            LmConfig.FeedForwardKind.GELU,
            false),
        config(
            2,
            2,
            LmConfig.Block.SERIAL,
            NormConfig.Kind.RMS_NORM,
            LmConfig.QueryKeyNorm.ALL_HEADS,
            LmConfig.FeedForwardKind.GATED_GELU_TANH,
            true));
  }

  private static LmConfig config() {
    return config(
        2,
        2,
        LmConfig.Block.SERIAL,
        NormConfig.Kind.RMS_NORM,
        LmConfig.QueryKeyNorm.NONE,
        LmConfig.FeedForwardKind.GATED_SILU,
        false);
  }

  private static LmConfig config(
      int heads,
      int kvHeads,
      LmConfig.Block block,
      NormConfig.Kind norm,
      LmConfig.QueryKeyNorm queryKeyNorm,
      LmConfig.FeedForwardKind feedForward,
      boolean biased) {
    boolean gemma = norm == NormConfig.Kind.RMS_NORM && biased;
    return new LmConfig(
        20,
        D,
        2,
        heads,
        kvHeads,
        8,
        24,
        32,
        block,
        new NormConfig(norm, 1e-5f, biased && norm == NormConfig.Kind.LAYER_NORM, gemma ? 1 : 0),
        biased,
        biased,
        queryKeyNorm,
        new RotaryConfig(
            biased ? 4 : 8,
            10_000,
            biased ? RotaryConfig.Scaling.LLAMA3 : RotaryConfig.Scaling.NONE,
            8,
            1,
            4,
            64),
        feedForward,
        !biased,
        biased ? 4 : 1,
        0);
  }

  private static Tensor forward(
      Backend backend, DecoderLm lm, float[] inputs, AttentionMask mask, KvCache cache) {
    Tensor x = backend.upload(inputs, Shape.of(1, inputs.length / D, D));
    return lm.forward(backend, x, mask, Lengths.full(x), cache);
  }

  private static long count(LmConfig config) {
    return ParameterCount.of(w -> DecoderLm.load(config, w));
  }

  /** V·d + L·(2·d·H·h + 2·d·h + 12·d² + d) + d. */
  private static long palm(long v, long d, long layers, long heads, long h) {
    return v * d + layers * (2 * d * heads * h + 2 * d * h + 12 * d * d + d) + d;
  }

  private static float[] noise(int frames, long seed) {
    Random random = new Random(seed);
    float[] values = new float[frames * D];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], within(1e-5f));
    }
  }
}
