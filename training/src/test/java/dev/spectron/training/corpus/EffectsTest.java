package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EffectsTest {
  private static final int RATE = 16_000;

  @Test
  void noiseHasTheAskedPower() {
    float[] x = TestTone.sine(440, 1, RATE, 0.3);
    for (double snr : new double[] {15, 22, 30}) {
      float[] y = Effects.addNoise(x, Effects.power(x), snr, new SplittableRandom(3));
      float[] noise = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        noise[i] = y[i] - x[i];
      }
      assertThat(10 * Math.log10(Effects.power(x) / Effects.power(noise)))
          .isCloseTo(snr, within(0.01));
    }
  }

  @Test
  void aRoomKeepsTheLengthAndTheFirstSound() {
    float[] click = new float[8_000];
    click[100] = 1;
    float[] y = Effects.room(click, RATE, 0.3, 4, new SplittableRandom(5));
    assertThat(y).hasSameSizeAs(click);
    assertThat(y[100]).isEqualTo(1f);
    assertThat(Effects.power(y) * y.length - 1).isCloseTo(Math.pow(10, -0.4), within(0.1));
    for (int i = 0; i < 100; i++) {
      assertThat(y[i]).isZero();
    }
    for (int i = 100 + (int) (0.3 * RATE) + 1; i < y.length; i++) {
      assertThat(y[i]).isZero();
    }
  }

  @Test
  void theTelephoneBandKeepsTheMiddleAndDropsTheRest() {
    assertThat(bandGainDb(1_000)).isCloseTo(0, within(0.2));
    assertThat(bandGainDb(3_000)).isCloseTo(0, within(0.2));
    assertThat(bandGainDb(60)).isLessThan(-20);
    assertThat(bandGainDb(4_200)).isLessThan(-40);
    assertThat(bandGainDb(7_000)).isLessThan(-40);
  }

  @Test
  void interpolationMovesEveryFrequencyAndNothingElse() {
    SincInterpolator interpolator = new SincInterpolator();
    for (double step : new double[] {0.9, 1.12, 22_050 / 16_000.0, 2, 0.7}) {
      float[] x = TestTone.sine(500, 1, RATE, 0.5);
      float[] y = interpolator.resample(x, step);
      assertThat(y).hasSize((int) ((x.length - 1) / step) + 1);
      float[] middle = java.util.Arrays.copyOfRange(y, 1_000, y.length - 1_000);
      assertThat(TestTone.share(middle, 500 * step, RATE)).isCloseTo(1, within(0.002));
      assertThat(Math.sqrt(2 * Effects.power(middle))).isCloseTo(0.5, within(0.005));
    }
  }

  @Test
  void interpolationToALowerRateDoesNotFold() {
    float[] x = TestTone.sine(10_000, 0.5, 32_000, 0.5);
    float[] y = new SincInterpolator().resample(x, 2);
    float[] middle = java.util.Arrays.copyOfRange(y, 500, y.length - 500);
    assertThat(10 * Math.log10(Effects.power(middle) / Effects.power(x))).isLessThan(-50);
  }

  private static double bandGainDb(double hertz) {
    float[] x = TestTone.sine(hertz, 0.5, RATE, 0.5);
    float[] y = Effects.bandLimit(x, RATE);
    float[] middle = java.util.Arrays.copyOfRange(y, 400, y.length - 400);
    return 10 * Math.log10(Effects.power(middle) / Effects.power(x));
  }
}
