package dev.spectron.conformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.ConformerConfig.ConvolutionNormKind;
import dev.spectron.conformer.ConformerConfig.PositionKind;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The law: whatever pieces the frames come in, the states are those of the whole. */
class EncoderStreamTest {
  private static final int MELS = 12;
  private static final int D_MODEL = 16;

  private final Backend backend = Backends.open("reference");

  @AfterEach
  void close() {
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({
    "TRANSFORMER_XL, false, 5, 4, 3, 2, 1, 0",
    "TRANSFORMER_XL, true, 4, 3, 7, 0, 2, 21",
    "ROTARY, false, 1, 1, 0, 0, 1, 0",
    "ROTARY, true, 6, 5, 2, 3, 2, 40",
    "NONE, false, 32, 2, 1, 1, 3, 0",
    "NONE, true, 1, 7, 30, 9, 2, 17"
  })
  void piecesGiveTheStatesOfTheWhole(
      PositionKind position,
      boolean causal,
      int kernel,
      int size,
      int left,
      int right,
      int convolutions,
      int window) {
    ConformerEncoder encoder = encoder(config(position, causal, kernel, convolutions));
    AttentionMask.Chunked mask = new AttentionMask.Chunked(size, left, right);
    for (int time : new int[] {1, 2, 15, 16, 17, 64, 131}) {
      float[] logMel = noise(time, time);
      float[] whole = whole(encoder, logMel, mask);
      for (int most : new int[] {time, 1, 7, -40}) {
        EncoderStream stream = new EncoderStream(backend, encoder, mask, window);
        assertThat(join(stream, logMel, most))
            .as("time %d, pieces of %d", time, most)
            .containsExactly(whole, within(2e-6f));
      }
    }
  }

  @Test
  void anotherMaskGivesOtherStates() {
    ConformerEncoder encoder = encoder(config(PositionKind.ROTARY, false, 5, 2));
    float[] logMel = noise(131, 3);
    float[] narrow = whole(encoder, logMel, new AttentionMask.Chunked(2, 1, 1));
    float[] wide = whole(encoder, logMel, new AttentionMask.Chunked(2, 2, 1));
    assertThat(largestDifference(narrow, wide)).isGreaterThan(1e-3f);
  }

  @Test
  void memoryDoesNotGrowWithTheUtterance() {
    ConformerEncoder encoder = encoder(config(PositionKind.ROTARY, false, 5, 2));
    EncoderStream stream =
        new EncoderStream(backend, encoder, new AttentionMask.Chunked(3, 4, 2), 0);
    int early = 0;
    int late = 0;
    for (int piece = 0; piece < 60; piece++) {
      stream.push(noise(12, piece), false);
      early = piece < 20 ? Math.max(early, stream.heldFrames()) : early;
      late = Math.max(late, stream.heldFrames());
    }
    assertThat(late).isEqualTo(early).isLessThan(3 * 25);
  }

  @Test
  void upToTheWindowTheWholeIsAttendedToAndBeyondItChunks() {
    ConformerEncoder encoder = encoder(config(PositionKind.TRANSFORMER_XL, false, 5, 2));
    LongAudioConfig longAudio = new LongAudioConfig(10, new ChunkConfig(4, 4, 0));
    AttentionMask full = new AttentionMask.Full();
    AttentionMask chunks = new AttentionMask.Chunked(4, 4, 0);
    float[] within = noise(40, 1);
    float[] beyond = noise(41, 2);
    assertThat(states(encoder, within, longAudio)).isEqualTo(whole(encoder, within, full));
    assertThat(states(encoder, beyond, longAudio))
        .containsExactly(whole(encoder, beyond, chunks), within(2e-6f));
    assertThat(states(encoder, beyond, LongAudioConfig.unlimited()))
        .isEqualTo(whole(encoder, beyond, full));
  }

  @Test
  void anEncoderOfChunksKeepsItsOwnInLongAudio() {
    ConformerConfig ofChunks =
        config(PositionKind.NONE, true, 5, 2, new ChunkConfig(3, 5, 1))
            .withLongAudio(new LongAudioConfig(8, ChunkConfig.none()));
    ConformerEncoder encoder = encoder(ofChunks);
    float[] logMel = noise(100, 2);
    assertThat(states(encoder, logMel, encoder.config().longAudio()))
        .containsExactly(whole(encoder, logMel, new AttentionMask.Chunked(3, 5, 1)), within(2e-6f));
  }

  @Test
  void longAudioWithoutChunksIsRefused() {
    ConformerEncoder encoder = encoder(config(PositionKind.NONE, false, 5, 2));
    LongAudioConfig longAudio = new LongAudioConfig(10, ChunkConfig.none());
    float[] logMel = noise(41, 2);
    assertThatThrownBy(() -> states(encoder, logMel, longAudio))
        .isInstanceOf(CapacityException.class)
        .hasMessage(
            "conformer: question of 11 encoder frames: expected at most 10, conformer.long_audio.window, as attention is over the whole question; ask a shorter question or set conformer.long_audio.chunk");
  }

  @Test
  void sizesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new LongAudioConfig(-1, ChunkConfig.none()))
        .isInstanceOf(BundleException.class)
        .hasMessage("config.json: conformer.long_audio.window: expected at least 0, found -1");
    assertThatThrownBy(() -> new ChunkConfig(1, 1 << 21, 0))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: conformer.chunk: expected sizes of 0 to 1048576, found [1, 2097152, 0]");
  }

  private float[] whole(ConformerEncoder encoder, float[] logMel, AttentionMask mask) {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(logMel, Shape.of(1, logMel.length / MELS, MELS));
      return backend.download(encoder.encode(backend, x, mask, Lengths.full(x)).states());
    }
  }

  private float[] states(ConformerEncoder encoder, float[] logMel, LongAudioConfig longAudio) {
    try (Scope _ = backend.openScope()) {
      EncoderStates encoded = encoder.encode(backend, logMel, longAudio);
      assertThat(encoded.states().shape().size(1)).isEqualTo(encoded.lengths().at(0));
      return backend.download(encoded.states());
    }
  }

  /** Pieces of {@code most} frames, or of random sizes, also 0, below −{@code most}. */
  private static float[] join(EncoderStream stream, float[] logMel, int most) {
    Random random = new Random(most);
    List<float[]> parts = new ArrayList<>();
    int time = logMel.length / MELS;
    for (int from = 0; from < time; ) {
      int count = Math.min(time - from, most > 0 ? most : random.nextInt(-most));
      float[] piece = Arrays.copyOfRange(logMel, from * MELS, (from + count) * MELS);
      from += count;
      parts.addAll(stream.push(piece, false));
    }
    parts.addAll(stream.push(new float[0], true));
    float[] states = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, states, at, part.length);
      at += part.length;
    }
    return states;
  }

  private static float[] noise(int frames, long seed) {
    Random random = new Random(seed);
    float[] values = new float[frames * MELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float largestDifference(float[] x, float[] y) {
    float largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }

  private ConformerEncoder encoder(ConformerConfig config) {
    return ConformerEncoder.load(config, WeightScope.of(backend, new RandomWeights(7)));
  }

  private static ConformerConfig config(
      PositionKind position, boolean causal, int kernel, int convolutions) {
    return config(position, causal, kernel, convolutions, ChunkConfig.none());
  }

  private static ConformerConfig config(
      PositionKind position, boolean causal, int kernel, int convolutions, ChunkConfig chunk) {
    return new ConformerConfig(
        MELS,
        List.of(4, 4, 3).subList(0, convolutions),
        D_MODEL,
        2,
        2,
        24,
        kernel,
        position,
        ConvolutionNormKind.LAYER_NORM,
        causal,
        chunk,
        0);
  }
}
