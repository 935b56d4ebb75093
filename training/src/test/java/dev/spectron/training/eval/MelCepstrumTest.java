package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MelCepstrumTest {
  private static final FeatureSpec SPEC = FeatureSpec.spectron();

  @Test
  void loudnessDoesNotCount() {
    LogMel quiet = random(1, 9);
    float[] louder = quiet.frames().clone();
    for (int i = 0; i < louder.length; i++) {
      louder[i] += 2;
    }
    assertThat(distance(quiet, new LogMel(louder, SPEC))).isCloseTo(0, within(1e-4));
  }

  @Test
  void aSlowerCopyIsNoFartherAway() {
    LogMel once = random(2, 6);
    float[] twice = new float[2 * once.frames().length];
    for (int t = 0; t < 12; t++) {
      System.arraycopy(once.frames(), t / 2 * 128, twice, t * 128, 128);
    }
    assertThat(distance(once, new LogMel(twice, SPEC))).isCloseTo(0, within(1e-9));
  }

  @Test
  void oneCosineOfHeightOneIsAsFarAsItsFormulaSays() {
    float[] flat = new float[128];
    float[] wave = new float[128];
    for (int m = 0; m < 128; m++) {
      wave[m] = (float) Math.cos(Math.PI * 3 * (m + 0.5) / 128);
    }
    double expected = 10 / Math.log(10) * Math.sqrt(2 * 0.5);
    assertThat(distance(new LogMel(flat, SPEC), new LogMel(wave, SPEC)))
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void otherSpeechIsFar() {
    assertThat(distance(random(3, 9), random(4, 9))).isGreaterThan(1);
    assertThat(distance(random(3, 9), new LogMel(Arrays.copyOf(random(4, 9).frames(), 0), SPEC)))
        .isZero();
  }

  private static double distance(LogMel a, LogMel b) {
    return MelCepstrum.of(a).distance(MelCepstrum.of(b));
  }

  private static LogMel random(long seed, int time) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] frames = new float[time * 128];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) random.nextGaussian();
    }
    return new LogMel(frames, SPEC);
  }
}
