package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.vocoder.Voice;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GainAdjustmentTest {
  private static final int HOP = 5;

  private final Backend backend = Toy.backend();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 47, 48, 49, 131})
  void everySampleGetsTheGainsOfItsTwoSegments(int time) {
    float[] z = Toy.normal(1, 3 * time * HOP);
    float[] power = powers(2, 3 * time);
    float[] found = apply(z, power, 3);
    for (int row = 0; row < 3; row++) {
      float[] ofRow = Arrays.copyOfRange(z, row * time * HOP, (row + 1) * time * HOP);
      float[] due = Arrays.copyOfRange(power, row * time, (row + 1) * time);
      for (int i = 0; i < time * HOP; i++) {
        double expected = ofRow[i] * gain(ofRow, due, i);
        assertThat((double) found[row * time * HOP + i])
            .as("row %d, sample %d", row, i)
            .isCloseTo(expected, within(1e-5 * Math.abs(expected) + 1e-7));
      }
    }
  }

  /** By the formula: segment j is the frames [8j − 40, 8j + 8), heard around frame 8j. */
  private static double gain(float[] z, float[] power, int sample) {
    int time = power.length;
    double gain = 0;
    for (int j = 0; 8 * (j - 1) < time; j++) {
      double phase = (sample + 0.5 - 8 * (j - 1) * HOP) / (16 * HOP);
      if (phase > 0 && phase < 1) {
        double due = 0;
        double found = 0;
        for (int t = Math.max(0, 8 * j - 40); t < Math.min(time, 8 * j + 8); t++) {
          due += power[t] / 48;
          for (int i = t * HOP; i < (t + 1) * HOP; i++) {
            found += Math.pow(z[i], 2) / (48 * HOP);
          }
        }
        gain += Math.pow(Math.sin(Math.PI * phase), 2) * Math.sqrt(due / (found + 1e-8));
      }
    }
    return gain;
  }

  @Test
  void aSteadySoundGetsItsPowerEverywhereTheEndsIncluded() {
    float[] z = new float[100 * HOP];
    Arrays.fill(z, 0, z.length, 0.3f);
    float[] power = new float[100];
    Arrays.fill(power, 0.25f);
    for (float sample : apply(z, power, 1)) {
      assertThat(sample).isCloseTo(0.5f, within(1e-5f));
    }
  }

  @Test
  void aPieceThatBeginsOnAStepHasTheGainOfTheWholeWhereItsSegmentsAreWhole() {
    float[] z = Toy.normal(3, 120 * HOP);
    float[] power = powers(4, 120);
    float[] whole = apply(z, power, 1);
    float[] piece =
        apply(Arrays.copyOfRange(z, 16 * HOP, 96 * HOP), Arrays.copyOfRange(power, 16, 96), 1);
    assertThat(Arrays.copyOfRange(piece, 40 * HOP, 72 * HOP))
        .isEqualTo(Arrays.copyOfRange(whole, 56 * HOP, 88 * HOP));
    assertThat(piece[39 * HOP]).isNotEqualTo(whole[55 * HOP]);
    assertThat(piece[73 * HOP]).isNotEqualTo(whole[89 * HOP]);
  }

  @Test
  void noPowerWantedIsSilenceAndSilenceStaysFinite() {
    float[] z = Toy.normal(5, 19 * HOP);
    assertThat(apply(z, new float[19], 1)).matches(Voice::isSilent);
    assertThat(apply(new float[19 * HOP], powers(6, 19), 1)).matches(Voice::isSilent);
  }

  private float[] apply(float[] z, float[] power, int batch) {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(z, Shape.of(batch, z.length / batch, 1));
      Tensor y = GainAdjustment.apply(backend, x, power);
      assertThat(y.shape()).isEqualTo(x.shape());
      return backend.download(y);
    }
  }

  private static float[] powers(long seed, int count) {
    float[] power = Toy.normal(seed, count);
    for (int i = 0; i < count; i++) {
      power[i] = (float) Math.exp(3 * power[i]);
    }
    return power;
  }
}
