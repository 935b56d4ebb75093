package dev.spectron.training.vocoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscriminatorTest {
  @Test
  void melGansDiscriminatorHasSeventeenMillionParameters() {
    // Weights of a scale, layer by layer, as the paper's appendix lists them, and a bias an output.
    long weights = 15 * 16 + 41 * 4 * (64 + 256 + 1024 + 1024) + 5L * 1024 * 1024 + 3 * 1024;
    long biases = 16 + 64 + 256 + 1024 + 1024 + 1024 + 1;
    long count =
        ParameterCount.of(w -> Discriminator.load(new DiscriminatorConfig(3, 16, 1024), w));
    assertThat(count).isEqualTo(3 * (weights + biases));
  }

  @Test
  void everyScaleHearsTheMeanOfFourSamplesAtHalfTheRate() {
    try (DjlBackend backend = DjlBackend.open(DjlOptions.training(1).withThreads(1));
        Scope _ = backend.openScope()) {
      WeightScope weights = WeightScope.of(backend, new RandomWeights(2));
      Discriminator discriminator = Discriminator.load(new DiscriminatorConfig(2, 4, 16), weights);
      float[] x = new float[512];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) Math.sin(0.1 * i * i / 40);
      }
      float[] half = new float[256];
      for (int i = 0; i < half.length; i++) {
        for (int k = 2 * i - 1; k < 2 * i + 3; k++) {
          half[i] += k < 0 || k >= x.length ? 0 : x[k] / 4;
        }
      }
      List<Discriminator.Verdict> verdicts =
          discriminator.forward(backend, backend.upload(x, Shape.of(1, 512, 1)));
      Discriminator.Verdict expected =
          discriminator.scales().get(1).forward(backend, backend.upload(half, Shape.of(1, 256, 1)));
      assertThat(verdicts).hasSize(2);
      assertThat(verdicts.get(0).features()).hasSize(6);
      assertThat(verdicts.get(0).score().getShape().getShape()).containsExactly(1, 2, 1);
      // The ends differ: there the mean is over the samples there are.
      assertThat(verdicts.get(1).features().getFirst().getShape().getShape())
          .containsExactly(1, 256, 4);
      float[] found = verdicts.get(1).features().getFirst().toFloatArray();
      float[] wanted = expected.features().getFirst().toFloatArray();
      for (int i = 4 * 10; i < 4 * 246; i++) {
        assertThat(found[i]).isCloseTo(wanted[i], within(1e-5f));
      }
    }
  }

  @Test
  void sizesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new DiscriminatorConfig(3, 6, 16))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "recipe: adversary.config.channels: expected a multiple of 4 up to 1024, found 6");
    assertThatThrownBy(() -> new DiscriminatorConfig(3, 8, 20))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "recipe: adversary.config.max_channels: expected a multiple of channels up to 8192, found 20");
  }
}
