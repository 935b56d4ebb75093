package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Stft;
import dev.spectron.vocoder.Voice;
import dev.spectron.vocoder.spectrum.MelInversion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseShaperTest {
  private static final FeatureSpec SPEC = Voice.miniFeatures();
  private static final int BINS = SPEC.nFft() / 2 + 1;

  /** A steady spectrum: a hump in log |X|, which a few cepstral coefficients hold exactly. */
  private static double hump(int bin) {
    double turn = 2 * Math.PI * bin / (BINS - 1);
    return 1 - 2.5 * Math.cos(turn) - 0.7 * Math.cos(turn / 2);
  }

  private static float[] steady(int time) {
    float[] magnitude = new float[time * BINS];
    for (int i = 0; i < magnitude.length; i++) {
      magnitude[i] = (float) Math.exp(hump(i % BINS));
    }
    return magnitude;
  }

  @Test
  void theSpectrumOfTheNoiseFollowsTheMagnitudes() {
    int time = 400;
    float[] noise = shape(24, steady(time), 2);
    float[] power = new Stft(SPEC).power(noise);
    // The mean over 400 frames that overlap by three quarters, and over 9 bins, has an error near
    // 3 %; the filter and the window blur the rest.
    for (int bin = 20; bin < BINS - 20; bin += 9) {
      double mean = 0;
      for (int t = 0; t < time; t++) {
        for (int k = bin - 4; k <= bin + 4; k++) {
          mean += power[t * BINS + k] / (9.0 * time);
        }
      }
      assertThat(0.5 * Math.log(mean)).as("bin %d", bin).isCloseTo(hump(bin), within(0.12));
    }
  }

  @Test
  void theLogMelOfTheNoiseFollowsThatOfTheVoice() {
    LogMel logMel = Voice.logMel(Voice.samples(32_000, 16_000, 2), SPEC);
    MelInversion inversion = new MelInversion(SPEC);
    float[] magnitude = inversion.magnitude(inversion.mel(logMel));
    float[] shaped = shape(24, magnitude, 3);
    assertThat(shaped).hasSize(32_000);
    float[] found = Voice.logMel(shaped, SPEC).frames();
    assertThat(correlation(found, logMel.frames())).isGreaterThan(0.85);
    float[] white = Toy.normal(4, 32_000);
    assertThat(correlation(Voice.logMel(white, SPEC).frames(), logMel.frames())).isLessThan(0.3);
  }

  @Test
  void fewerCoefficientsKeepLessOfTheSpectrum() {
    float[] flat = shape(1, steady(200), 5);
    float[] power = new Stft(SPEC).power(flat);
    double low = 0;
    double high = 0;
    for (int t = 0; t < 200; t++) {
      for (int k = 0; k < 60; k++) {
        low += power[t * BINS + 10 + k];
        high += power[t * BINS + 226 + k];
      }
    }
    assertThat(Math.log(low / high)).isCloseTo(0, within(0.2));
  }

  @Test
  void theFilterIsMinimumPhase() {
    // The response to one pulse of a minimum-phase filter starts at the pulse and dies away; a
    // zero-phase one would stand on both sides of it.
    float[] noise = new float[4000];
    noise[2000] = 1;
    float[] before = new NoiseShaper(SPEC, 24).shape(steady(20), noise);
    double early = 0;
    double late = 0;
    for (int i = 1800; i < 2000; i++) {
      early += before[i] * before[i];
      late += before[i + 200] * before[i + 200];
    }
    assertThat(early).isLessThan(1e-3 * late);
  }

  @Test
  void theSameSeedGivesTheSameNoise() {
    float[] first = shape(24, steady(5), 6);
    assertThat(shape(24, steady(5), 6)).isEqualTo(first);
    assertThat(shape(24, steady(5), 7)).isNotEqualTo(first);
  }

  @Test
  void theNoiseOfAFrameIsTheSameWhateverIsAskedForWithIt() {
    NoiseShaper shaper = new NoiseShaper(SPEC, 24);
    float[] whole = shaper.white(8, 0, 50);
    assertThat(shaper.white(8, 17, 4)).isEqualTo(Arrays.copyOfRange(whole, 17 * 200, 21 * 200));
  }

  @Test
  void noFrameRepeatsTheNoiseOfAnother() {
    float[] noise = new NoiseShaper(SPEC, 24).white(9, 0, 500);
    double power = 0;
    for (float sample : noise) {
      power += Math.pow(sample, 2) / noise.length;
    }
    assertThat(power).isCloseTo(1, within(0.02));
    for (int lag = 1; lag <= 2 * 200; lag++) {
      double product = 0;
      for (int i = lag; i < noise.length; i++) {
        product += (double) noise[i] * noise[i - lag] / noise.length;
      }
      // The deviation of chance is 0.003.
      assertThat(product).as("lag %d", lag).isCloseTo(0, within(0.016));
    }
  }

  private static float[] shape(int lifterOrder, float[] magnitude, long seed) {
    NoiseShaper shaper = new NoiseShaper(SPEC, lifterOrder);
    return shaper.shape(magnitude, shaper.white(seed, 0, magnitude.length / BINS));
  }

  private static double correlation(float[] a, float[] b) {
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < a.length; i++) {
      meanA += a[i] / a.length;
      meanB += b[i] / b.length;
    }
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - meanA) * (b[i] - meanB);
      squareA += Math.pow(a[i] - meanA, 2);
      squareB += Math.pow(b[i] - meanB, 2);
    }
    return product / Math.sqrt(squareA * squareB);
  }
}
