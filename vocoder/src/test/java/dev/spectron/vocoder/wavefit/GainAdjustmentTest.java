package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.vocoder.Voice;
import org.junit.jupiter.api.Test;

class GainAdjustmentTest {
  private final Backend backend = Toy.backend();

  @Test
  void everyRowGetsItsMeanPower() {
    try (Scope _ = backend.openScope()) {
      Tensor z = Toy.normal(backend, 1, 3, 120, 1);
      double[] wanted = {0.25, 40, 1e-3};
      float[] found = backend.download(GainAdjustment.apply(backend, z, wanted));
      for (int row = 0; row < wanted.length; row++) {
        double power = 0;
        for (int i = 0; i < 120; i++) {
          power += Math.pow(found[row * 120 + i], 2) / 120;
        }
        assertThat(power).isCloseTo(wanted[row], within(1e-5 * wanted[row]));
      }
    }
  }

  @Test
  void onlyTheSizeChangesAndNotTheShapeOfTheWave() {
    try (Scope _ = backend.openScope()) {
      float[] before = Toy.normal(3, 100);
      Tensor z = backend.upload(before, Shape.of(1, 100, 1));
      float[] after = backend.download(GainAdjustment.apply(backend, z, new double[] {3}));
      float ratio = after[0] / before[0];
      assertThat(ratio).isPositive();
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).isCloseTo(ratio * before[i], within(1e-5f));
      }
    }
  }

  @Test
  void noPowerWantedIsSilenceAndSilenceStaysFinite() {
    try (Scope _ = backend.openScope()) {
      Tensor z = Toy.normal(backend, 4, 1, 96, 1);
      Tensor unwanted = GainAdjustment.apply(backend, z, new double[] {0});
      assertThat(backend.download(unwanted)).matches(Voice::isSilent);
      Tensor silence = GainAdjustment.apply(backend, backend.scale(z, 0), new double[] {1});
      assertThat(backend.download(silence)).matches(Voice::isSilent);
    }
  }
}
