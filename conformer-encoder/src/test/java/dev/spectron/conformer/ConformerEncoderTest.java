package dev.spectron.conformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.ConformerConfig.ConvolutionNormKind;
import dev.spectron.conformer.ConformerConfig.PositionKind;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConformerEncoderTest {
  private static final int MELS = 12;

  @Test
  void spectronsEncoderHas605MillionParametersInItsBlocks() {
    Map<String, Shape> shapes =
        ParameterCount.shapes(w -> ConformerEncoder.load(ConformerConfig.spectron(), w));
    long blocks =
        shapes.entrySet().stream()
            .filter(e -> e.getKey().startsWith("layers."))
            .mapToLong(e -> e.getValue().elements())
            .sum();
    long subsampling =
        shapes.entrySet().stream()
            .filter(e -> e.getKey().startsWith("subsampling."))
            .mapToLong(e -> e.getValue().elements())
            .sum();
    assertThat(blocks).isEqualTo(604_889_088L);
    // 1→128→32 channels of 3×3 taps, then 32 channels of 32 bins to 1024.
    assertThat(subsampling).isEqualTo(128 * 9 + 128 + 32 * 128 * 9 + 32 + 1024L * 1024 + 1024);
  }

  @ParameterizedTest
  @EnumSource(PositionKind.class)
  void paddedRowsEqualRowsEncodedAlone(PositionKind position) {
    try (Backend backend = Backends.open("reference")) {
      ConformerEncoder encoder = encoder(backend, config(position, false, ChunkConfig.none()));
      try (Scope _ = backend.openScope()) {
        float[] longer = noise(21, 1);
        float[] shorter = noise(13, 2);
        float[] padded = Arrays.copyOf(longer, 2 * 21 * MELS);
        Arrays.fill(padded, 21 * MELS, padded.length, 1e3f);
        System.arraycopy(shorter, 0, padded, 21 * MELS, shorter.length);

        EncoderStates both =
            encoder.encode(
                backend, backend.upload(padded, Shape.of(2, 21, MELS)), Lengths.of(21, 13));
        EncoderStates alone = encode(backend, encoder, shorter);

        assertThat(both.lengths()).isEqualTo(Lengths.of(6, 4));
        float[] rows = backend.download(both.states());
        float[] expected = backend.download(alone.states());
        int dModel = both.states().shape().size(2);
        assertClose(Arrays.copyOfRange(rows, 6 * dModel, 10 * dModel), expected);
      }
    }
  }

  @Test
  void laterFramesDoNotChangeEarlierChunksWithoutRightContext() {
    try (Backend backend = Backends.open("reference")) {
      ConformerEncoder encoder =
          encoder(backend, config(PositionKind.ROTARY, true, new ChunkConfig(2, 4, 0)));
      try (Scope _ = backend.openScope()) {
        float[] frames = noise(32, 3);
        float[] before = backend.download(encode(backend, encoder, frames).states());
        // States 0 to 3 read input frames up to 4·3 + 3 = 15; frame 16 and later must not matter to
        // them.
        for (int i = 16 * MELS; i < frames.length; i++) {
          frames[i] = -frames[i];
        }
        float[] after = backend.download(encode(backend, encoder, frames).states());
        int four = 4 * 16;
        assertClose(Arrays.copyOf(after, four), Arrays.copyOf(before, four));
        assertThat(after).isNotEqualTo(before);
      }
    }
  }

  @Test
  void wholeUtteranceAttentionLooksAhead() {
    try (Backend backend = Backends.open("reference")) {
      ConformerEncoder encoder =
          encoder(backend, config(PositionKind.TRANSFORMER_XL, false, ChunkConfig.none()));
      try (Scope _ = backend.openScope()) {
        float[] frames = noise(32, 3);
        float first = backend.download(encode(backend, encoder, frames).states())[0];
        frames[frames.length - 1] += 10;
        assertThat(backend.download(encode(backend, encoder, frames).states())[0])
            .isNotEqualTo(first);
      }
    }
  }

  @Test
  void batchNormIsReadFromStoredStatistics() {
    ConformerConfig config =
        new ConformerConfig(
            MELS,
            List.of(4, 4),
            16,
            1,
            2,
            32,
            5,
            PositionKind.NONE,
            ConvolutionNormKind.BATCH_NORM,
            false,
            ChunkConfig.none(),
            0);
    assertThat(ParameterCount.shapes(w -> ConformerEncoder.load(config, w)))
        .containsEntry("layers.0.convolution.inner_norm.running_mean", Shape.of(16))
        .containsEntry("layers.0.convolution.inner_norm.running_var", Shape.of(16));
  }

  @Test
  void sizesThatDoNotFitAreNamed() {
    assertThatThrownBy(
            () ->
                new ConformerConfig(
                    80,
                    List.of(8),
                    30,
                    2,
                    4,
                    64,
                    5,
                    PositionKind.NONE,
                    ConvolutionNormKind.LAYER_NORM,
                    false,
                    ChunkConfig.none(),
                    0))
        .isInstanceOf(BundleException.class)
        .hasMessage("config.json: conformer.n_heads: expected a divisor of d_model 30, found 4");
  }

  private static EncoderStates encode(Backend backend, ConformerEncoder encoder, float[] frames) {
    Tensor x = backend.upload(frames, Shape.of(1, frames.length / MELS, MELS));
    return encoder.encode(backend, x, Lengths.full(x));
  }

  private static ConformerEncoder encoder(Backend backend, ConformerConfig config) {
    return ConformerEncoder.load(config, WeightScope.of(backend, new RandomWeights(7)));
  }

  private static ConformerConfig config(PositionKind position, boolean causal, ChunkConfig chunk) {
    return new ConformerConfig(
        MELS,
        List.of(4, 4),
        16,
        2,
        2,
        32,
        5,
        position,
        ConvolutionNormKind.LAYER_NORM,
        causal,
        chunk,
        0.1f);
  }

  private static float[] noise(int frames, long seed) {
    Random random = new Random(seed);
    float[] values = new float[frames * MELS];
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
