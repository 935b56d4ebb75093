package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.vocoder.Voice;
import org.junit.jupiter.api.Test;

class GainAdjustmentTest {
  private final Backend backend = Toy.backend();
  private final GainAdjustment gain = GainAdjustment.of(Voice.toyFeatures());

  @Test
  void everyRowGetsItsMeanPower() {
    try (Scope _ = backend.openScope()) {
      Tensor z = Toy.normal(backend, 1, 3, 120, 1);
      double[] wanted = {0.25, 40, 1e-3};
      double[] found = gain.power(backend, gain.apply(backend, z, wanted));
      for (int row = 0; row < wanted.length; row++) {
        assertThat(found[row]).isCloseTo(wanted[row], within(1e-5 * wanted[row]));
      }
    }
  }

  @Test
  void thePowerIsThatOfTheStft() {
    try (Scope _ = backend.openScope()) {
      float[] samples = Toy.normal(2, 120);
      float[] power = new Stft(Voice.toyFeatures()).power(samples);
      double mean = 0;
      for (int i = 0; i < 10 * 33; i++) {
        mean += power[i] / 330;
      }
      Tensor z = backend.upload(samples, Shape.of(1, 120, 1));
      assertThat(gain.power(backend, z)[0]).isCloseTo(mean, within(1e-4 * mean));
    }
  }

  @Test
  void onlyTheSizeChangesAndNotTheShapeOfTheWave() {
    try (Scope _ = backend.openScope()) {
      float[] before = Toy.normal(3, 100);
      Tensor z = backend.upload(before, Shape.of(1, 100, 1));
      float[] after = backend.download(gain.apply(backend, z, new double[] {3}));
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
      Tensor unwanted = gain.apply(backend, z, new double[] {0});
      assertThat(backend.download(unwanted)).matches(Voice::isSilent);
      Tensor silence = gain.apply(backend, backend.scale(z, 0), new double[] {1});
      assertThat(backend.download(silence)).matches(Voice::isSilent);
    }
  }
}
