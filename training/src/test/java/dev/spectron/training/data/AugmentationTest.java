package dev.spectron.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final FeatureSpec SPEC = FeatureSpec.spectron();
  private static final int N = SPEC.nMels();

  @Test
  void noneGivesTheNormalisedValues() {
    LogMel logMel = random(7);
    assertThat(new Augmentation(AugmentConfig.none()).apply(logMel, new Random(1)))
        .containsExactly(logMel.normalised());
  }

  @Test
  void aCurveAddsOneSmoothEnvelopeToEveryFrame() {
    LogMel logMel = random(5);
    float[] curved =
        new Augmentation(new AugmentConfig(0, 0, 0, 0, 0, 0, 0, 0, 0.4, 0))
            .apply(logMel, new Random(3));
    double[] envelope = new double[N];
    for (int bin = 0; bin < N; bin++) {
      envelope[bin] = curved[bin] - logMel.frames()[bin];
      for (int t = 1; t < logMel.time(); t++) {
        assertThat(curved[t * N + bin] - logMel.frames()[t * N + bin])
            .isCloseTo((float) envelope[bin], within(1e-5f));
      }
    }
    // cos(π k bin / (N − 1)) is at its extremes, alternating, on the two ends and in the middle
    double even = (envelope[0] + envelope[N - 1]) / 2;
    double odd = (envelope[0] - envelope[N - 1]) / 2;
    assertThat(Math.abs(odd)).isBetween(1e-3, 0.4);
    assertThat(Math.abs(even)).isBetween(1e-3, 0.8);
    for (int bin = 1; bin < N; bin++) {
      assertThat(Math.abs(envelope[bin] - envelope[bin - 1])).isLessThan(0.4 * 9 * Math.PI / N);
    }
  }

  @Test
  void theSameChanceGivesTheSameDisturbance() {
    LogMel logMel = random(40);
    Augmentation all = new Augmentation(new AugmentConfig(2, 10, 2, 0.1, 8, 0.1, 0.1, 1, 0.4, 0.5));
    assertThat(all.apply(logMel, new Random(5))).containsExactly(all.apply(logMel, new Random(5)));
    assertThat(all.apply(logMel, new Random(5))).isNotEqualTo(all.apply(logMel, new Random(6)));
  }

  private static LogMel random(int time) {
    Random random = new Random(time);
    float[] frames = new float[time * N];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = -4 + 2 * random.nextFloat();
    }
    return new LogMel(frames, SPEC);
  }
}
