package dev.spectron.vocoder.griffinlim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.GriffinLim;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Stft;
import dev.spectron.vocoder.Voice;
import dev.spectron.vocoder.spectrum.MelInversion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GriffinLimVocoderTest {
  private static final FeatureSpec SPEC = Voice.miniFeatures();
  private static final LogMel LOG_MEL = Voice.logMel(Voice.samples(24_000, 16_000, 1), SPEC);

  @Test
  void theResultHasTheLogMelItWasMadeFrom() {
    assertThat(error(synthesize(GriffinLimConfig.standard(), LOG_MEL))).isLessThan(0.1);
  }

  @Test
  void detailTakenFromTheSignalHalvesTheErrorOfFixedMagnitudes() {
    MelInversion inversion = new MelInversion(SPEC);
    float[] magnitude = inversion.magnitude(inversion.mel(LOG_MEL));
    float[] fixed =
        new GriffinLim(new Stft(SPEC), 32, 0.99f, 1).synthesize(magnitude, LOG_MEL.time() * 200);
    assertThat(error(synthesize(GriffinLimConfig.standard(), LOG_MEL)))
        .isLessThan(0.6 * error(fixed));
  }

  @Test
  void moreIterationsComeCloser() {
    double few = error(synthesize(new GriffinLimConfig(4, 0.99f), LOG_MEL));
    double many = error(synthesize(new GriffinLimConfig(40, 0.99f), LOG_MEL));
    assertThat(many).isLessThan(0.7 * few);
  }

  @Test
  void aRoughWaveformComesCloserAndKeepsItsPhases() {
    float[] rough = synthesize(new GriffinLimConfig(2, 0.99f), LOG_MEL);
    float[] refined = refined(4, rough);
    assertThat(error(refined)).isLessThan(0.8 * error(rough));
    float[] other =
        new GriffinLimVocoder(new GriffinLimConfig(4, 0.99f), SPEC).synthesize(LOG_MEL).samples();
    assertThat(correlation(refined, rough))
        .isGreaterThan(correlation(other, rough))
        .isGreaterThan(0.9);
  }

  @Test
  void moreRefinementComesCloser() {
    float[] rough = synthesize(new GriffinLimConfig(2, 0.99f), LOG_MEL);
    assertThat(error(refined(16, rough))).isLessThan(0.8 * error(refined(2, rough)));
  }

  private static float[] refined(int iterations, float[] rough) {
    return new GriffinLimVocoder(new GriffinLimConfig(iterations, 0.99f), SPEC)
        .refine(LOG_MEL, rough);
  }

  private static double correlation(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void silenceStaysSilent() {
    assertThat(synthesize(GriffinLimConfig.standard(), Voice.silence(7, SPEC)))
        .hasSize(1400)
        .matches(Voice::isSilent);
  }

  @Test
  void aPauseIsSilentWhereNoWindowReachesSpeech() {
    float[] frames = Voice.silence(40, SPEC).frames();
    System.arraycopy(LOG_MEL.frames(), 0, frames, 0, 15 * SPEC.nMels());
    float[] samples = synthesize(GriffinLimConfig.standard(), new LogMel(frames, SPEC));
    assertThat(Arrays.copyOfRange(samples, 17 * 200, samples.length)).matches(Voice::isSilent);
  }

  @Test
  void oneFrameIsEnough() {
    float[] samples = synthesize(GriffinLimConfig.standard(), LOG_MEL.slice(4, 5));
    assertThat(samples).hasSize(200);
    for (float sample : samples) {
      assertThat(sample).isFinite();
    }
  }

  @Test
  void theSameSpectrogramGivesTheSameSamples() {
    GriffinLimConfig config = new GriffinLimConfig(3, 0.99f);
    assertThat(synthesize(config, LOG_MEL)).isEqualTo(synthesize(config, LOG_MEL));
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new GriffinLimConfig(0, 0.99f))
        .isInstanceOf(BundleException.class)
        .hasMessage("config.json: vocoder.griffin_lim.iterations: expected 1 to 1000, found 0");
    assertThatThrownBy(() -> new GriffinLimConfig(32, Float.NaN))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: vocoder.griffin_lim.momentum: expected 0 to below 1.25, found NaN");
  }

  private static float[] synthesize(GriffinLimConfig config, LogMel logMel) {
    return new GriffinLimVocoder(config, SPEC).synthesize(logMel).samples();
  }

  private static double error(float[] samples) {
    return Voice.distance(Voice.logMel(samples, SPEC).frames(), LOG_MEL.frames());
  }
}
