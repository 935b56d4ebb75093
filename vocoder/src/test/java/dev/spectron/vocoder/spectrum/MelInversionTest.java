package dev.spectron.vocoder.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.MelFilterBank;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Stft;
import dev.spectron.vocoder.Voice;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MelInversionTest {
  private static final FeatureSpec SPEC = Voice.miniFeatures();

  @Test
  void melValuesOfTheMagnitudesAreThoseGiven() {
    LogMel logMel = Voice.logMel(Voice.samples(32_000, 16_000, 1), SPEC);
    assertThat(logMelError(new MelInversion(SPEC), logMel, SPEC)).isLessThan(0.005);
  }

  @Test
  void melValuesOfSpectronsFeaturesAreMetToo() {
    FeatureSpec spec = FeatureSpec.spectron();
    LogMel logMel = Voice.logMel(Voice.samples(32_000, 16_000, 2), spec);
    assertThat(logMelError(new MelInversion(spec), logMel, spec)).isLessThan(0.005);
  }

  @Test
  void magnitudesComeCloserToTheTrueOnesThanThoseOfTheClampedPseudoInverse() {
    float[] samples = Voice.samples(32_000, 16_000, 3);
    float[] truth = new Stft(SPEC).magnitude(samples);
    MelInversion inversion = new MelInversion(SPEC);
    float[] mel = inversion.mel(Voice.logMel(samples, SPEC));
    float[] found = inversion.magnitude(mel);
    double clamped = convergence(pseudoInverse(mel), truth, found.length);
    assertThat(convergence(found, truth, found.length)).isLessThan(0.95 * clamped);
  }

  @Test
  void magnitudesAreNeverNegativeAndAlwaysFinite() {
    SplittableRandom random = new SplittableRandom(4);
    float[] frames = new float[50 * SPEC.nMels()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) (40 * random.nextDouble() - 20);
    }
    frames[7] = Float.MAX_VALUE;
    frames[8] = -Float.MAX_VALUE;
    MelInversion inversion = new MelInversion(SPEC);
    for (float value : inversion.magnitude(inversion.mel(new LogMel(frames, SPEC)))) {
      assertThat(value).isBetween(0f, 1e9f);
    }
  }

  @Test
  void theFloorIsSilence() {
    MelInversion inversion = new MelInversion(SPEC);
    float[] mel = inversion.mel(Voice.silence(3, SPEC));
    assertThat(mel).hasSize(240).containsOnly(0);
    assertThat(inversion.magnitude(mel)).hasSize(3 * 513).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({"64, 10", "64, 31", "256, 17", "1024, 80", "32, 1"})
  void aStepIsItsDefinition(int nFft, int nMels) {
    FeatureSpec spec =
        new FeatureSpec(8000, nFft, nFft, nFft / 4, nMels, 60, 3900, 1e-3, Normalisation.none());
    SplittableRandom random = new SplittableRandom(nFft * 100L + nMels);
    float[] matrix = new MelFilterBank(spec).toArray();
    float[] magnitude = uniform(3 * (nFft / 2 + 1), random);
    float[] mel = uniform(3 * nMels, random);
    double[] expected = stepByDefinition(matrix, nMels, magnitude, mel);
    new MelInversion(spec).refine(magnitude, mel);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) magnitude[i]).isCloseTo(expected[i], within(1e-5 * (1 + expected[i])));
    }
  }

  @Test
  void moreFramesThanAnArrayHoldsAreRefused() {
    FeatureSpec spec =
        new FeatureSpec(16_000, 65_536, 800, 200, 1, 20, 8000, 1e-3, Normalisation.none());
    MelInversion inversion = new MelInversion(spec);
    assertThatThrownBy(() -> inversion.magnitude(new float[70_000]))
        .isInstanceOf(CapacityException.class)
        .hasMessage(
            "vocoder: 70000 frames of 32769 bins do not fit one array; synthesize shorter pieces");
  }

  /** x ⊙ Wᵀ(b / W·x) / Wᵀ1 with full matrices. */
  private static double[] stepByDefinition(float[] matrix, int nMels, float[] x, float[] b) {
    int bins = matrix.length / nMels;
    double[] next = new double[x.length];
    for (int t = 0; t < x.length / bins; t++) {
      double[] ratio = new double[nMels];
      for (int m = 0; m < nMels; m++) {
        double sum = 0;
        for (int k = 0; k < bins; k++) {
          sum += (double) matrix[m * bins + k] * x[t * bins + k];
        }
        ratio[m] = b[t * nMels + m] / Math.max(sum, 1e-12);
      }
      for (int k = 0; k < bins; k++) {
        double spread = 0;
        double weight = 0;
        for (int m = 0; m < nMels; m++) {
          spread += matrix[m * bins + k] * ratio[m];
          weight += matrix[m * bins + k];
        }
        next[t * bins + k] = weight > 0 ? x[t * bins + k] * spread / weight : 0;
      }
    }
    return next;
  }

  private static double logMelError(MelInversion inversion, LogMel logMel, FeatureSpec spec) {
    float[] mel = new MelFilterBank(spec).apply(inversion.magnitude(inversion.mel(logMel)));
    for (int i = 0; i < mel.length; i++) {
      mel[i] = (float) Math.log(Math.max(mel[i], spec.floor()));
    }
    return Voice.distance(mel, logMel.frames());
  }

  private static float[] pseudoInverse(float[] mel) {
    float[] inverse = new MelFilterBank(SPEC).pseudoInverse();
    int nMels = SPEC.nMels();
    int bins = inverse.length / nMels;
    float[] magnitude = new float[mel.length / nMels * bins];
    for (int i = 0; i < magnitude.length; i++) {
      float sum = 0;
      for (int m = 0; m < nMels; m++) {
        sum += inverse[i % bins * nMels + m] * mel[i / bins * nMels + m];
      }
      magnitude[i] = Math.max(0, sum);
    }
    return magnitude;
  }

  /** ‖found − truth‖ / ‖truth‖ over the first {@code size} values. */
  private static double convergence(float[] found, float[] truth, int size) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < size; i++) {
      difference += Math.pow(found[i] - truth[i], 2);
      norm += Math.pow(truth[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  private static float[] uniform(int size, SplittableRandom random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }
}
