package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpeakerEncoderTest {
  private static final int MELS = 40;
  private static final int DIM = 8;

  @Test
  void paddingDoesNotChangeAnEmbedding() {
    int[] times = {1, 7, 18, 33};
    try (Backend backend = new ReferenceBackend()) {
      SpeakerEncoder encoder = encoder(backend);
      float[] padded = noise(times.length * 33 * MELS);
      float[] batch = embed(backend, encoder, padded, times.length, Lengths.of(times));
      for (int row = 0; row < times.length; row++) {
        int from = row * 33 * MELS;
        float[] alone = Arrays.copyOfRange(padded, from, from + times[row] * MELS);
        assertThat(embed(backend, encoder, alone, 1, Lengths.of(times[row])))
            .containsExactly(Arrays.copyOfRange(batch, row * DIM, (row + 1) * DIM), within(1e-5f));
      }
    }
  }

  @Test
  void everyBackEndGivesTheSame() {
    Lengths lengths = Lengths.of(31, 12, 5);
    float[] frames = noise(3 * 31 * MELS);
    float[] expected;
    try (Backend backend = new ReferenceBackend()) {
      expected = embed(backend, encoder(backend), frames, 3, lengths);
    }
    for (String name : List.of("cpu", "djl")) {
      try (Backend backend = Backends.open(name)) {
        assertThat(embed(backend, encoder(backend), frames, 3, lengths))
            .as(name)
            .containsExactly(expected, within(2e-5f));
      }
    }
  }

  @Test
  void anEmbeddingHasLengthOne() {
    try (Backend backend = new ReferenceBackend()) {
      float[] vector = embed(backend, encoder(backend), noise(9 * MELS), 1, Lengths.of(9));
      assertThat(SpeakerEmbedder.cosine(vector, vector)).isCloseTo(1, within(1e-6));
      double square = 0;
      for (float value : vector) {
        square += value * value;
      }
      assertThat(square).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void sizesOutOfRangeAreNamed() {
    FeatureSpec features = ToyVoices.config(8).features();
    assertThatThrownBy(() -> new SpeakerConfig(features, 8, 9, List.of(3), List.of(1), 8, 1, 8))
        .isInstanceOf(TrainingException.class)
        .hasMessage("speaker: subsampling: expected 1 to 8, found 9");
    assertThatThrownBy(() -> new SpeakerConfig(features, 8, 1, List.of(3, 5), List.of(1), 8, 1, 8))
        .hasMessage(
            "speaker: dilations: expected one of 1 to 64 for each of the kernel_sizes, found [1]");
    assertThatThrownBy(() -> new SpeakerConfig(features, 8, 1, List.of(3), List.of(1), 8, 3, 8))
        .hasMessage("speaker: pool_heads: expected a divisor of pooled_channels 8, found 3");
  }

  private static SpeakerEncoder encoder(Backend backend) {
    return SpeakerEncoder.load(ToyVoices.config(16), WeightScope.of(backend, new RandomWeights(4)));
  }

  private static float[] embed(
      Backend backend, SpeakerEncoder encoder, float[] frames, int batch, Lengths lengths) {
    Shape shape = Shape.of(batch, frames.length / batch / MELS, MELS);
    try (Scope _ = backend.openScope()) {
      return backend.download(encoder.forward(backend, backend.upload(frames, shape), lengths));
    }
  }

  private static float[] noise(int size) {
    SplittableRandom random = new SplittableRandom(11);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (4 * random.nextDouble() - 2);
    }
    return values;
  }
}
