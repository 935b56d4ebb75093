package dev.spectron.vocoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.CheckedBackend;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CancelledException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import dev.spectron.vocoder.wavefit.WaveFitConfig;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VocodersTest {
  private static final FeatureSpec SPEC = Voice.toyFeatures();
  private static final LogMel LOG_MEL = Voice.logMel(Voice.samples(480, 8000, 1), SPEC);
  private static final VocoderConfig CONFIG =
      new VocoderConfig(
          VocoderConfig.Kind.GRIFFIN_LIM,
          new GriffinLimConfig(6, 0.99f),
          new WaveFitConfig(
              SPEC, 2, 6, 4, List.of(4, 6), List.of(3, 2, 2), List.of(6, 5, 4), 2, 6, 0, 0));

  private final Backend backend = new CheckedBackend(new ReferenceBackend());

  @ParameterizedTest
  @EnumSource
  void eachKindSpeaks(VocoderConfig.Kind kind) {
    Waveform waveform = synthesize(kind, LOG_MEL);
    assertThat(waveform.sampleRate()).isEqualTo(8000);
    assertThat(waveform.samples()).hasSize(480);
    assertThat(waveform.samples()[0]).isFinite();
  }

  @ParameterizedTest
  @EnumSource
  void noFramesGiveNoSamples(VocoderConfig.Kind kind) {
    assertThat(synthesize(kind, LOG_MEL.slice(0, 0)).samples()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void silenceStaysSilent(VocoderConfig.Kind kind) {
    float[] samples = synthesize(kind, Voice.silence(8, SPEC)).samples();
    assertThat(samples).hasSize(96).matches(Voice::isSilent);
  }

  @ParameterizedTest
  @EnumSource
  void loudFramesAreTurnedDownNotClipped(VocoderConfig.Kind kind) {
    float[] loud = LOG_MEL.frames().clone();
    for (int i = 0; i < loud.length; i++) {
      loud[i] += 5;
    }
    float[] samples = synthesize(kind, new LogMel(loud, SPEC)).samples();
    int atTheRail = 0;
    for (float sample : samples) {
      assertThat(sample).isBetween(-1f, 1f);
      atTheRail += Math.abs(sample) > 0.9999f ? 1 : 0;
    }
    assertThat(atTheRail).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void absurdValuesStillGiveSamplesInRange(VocoderConfig.Kind kind) {
    float[] frames = LOG_MEL.frames().clone();
    frames[3] = Float.MAX_VALUE;
    frames[40] = -Float.MAX_VALUE;
    for (float sample : synthesize(kind, new LogMel(frames, SPEC)).samples()) {
      assertThat(sample).isBetween(-1f, 1f);
    }
  }

  @Test
  void aBrokenModelIsNamedAndNotHeard() {
    float[] frames = LOG_MEL.frames().clone();
    frames[27] = Float.NaN;
    assertThatThrownBy(() -> synthesize(VocoderConfig.Kind.GRIFFIN_LIM, new LogMel(frames, SPEC)))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "vocoder: frame 2, mel bin 7: expected a finite value, found NaN; the model or its back end is faulty");
  }

  @Test
  void aLogMelWithOtherFeaturesIsRefused() {
    FeatureSpec other = new FeatureSpec(8000, 64, 64, 12, 10, 50, 4000, 1e-3, Normalisation.none());
    assertThatThrownBy(
            () -> synthesize(VocoderConfig.Kind.GRIFFIN_LIM, new LogMel(LOG_MEL.frames(), other)))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "vocoder: expected a log-mel with "
                + SPEC
                + ", found "
                + other
                + "; extract it with the bundle's output features");
  }

  @Test
  void theNormalisationOfTheLogMelDoesNotMatter() {
    FeatureSpec normalised =
        SPEC.with(new Normalisation(Collections.nCopies(10, 1f), Collections.nCopies(10, 2f)));
    float[] plain = synthesize(VocoderConfig.Kind.GRIFFIN_LIM, LOG_MEL).samples();
    float[] other =
        synthesize(VocoderConfig.Kind.GRIFFIN_LIM, new LogMel(LOG_MEL.frames(), normalised))
            .samples();
    assertThat(other).isEqualTo(plain);
  }

  @Test
  void aVocoderForOtherFeaturesIsRefusedAtLoad() {
    assertThatThrownBy(
            () ->
                Vocoders.load(
                    CONFIG.with(VocoderConfig.Kind.WAVEFIT), FeatureSpec.spectron(), weights()))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith(
            "config.json: vocoder.wavefit.features: expected the output features FeatureSpec[");
  }

  @ParameterizedTest
  @EnumSource
  void streamedPiecesAreTheSameHoweverTheyAreCut(VocoderConfig.Kind kind) {
    Vocoder vocoder = Vocoders.load(CONFIG.with(kind), SPEC, weights());
    SpeechStream atOnce = vocoder.stream(backend, new SplittableRandom(5));
    float[] whole = join(atOnce.push(LOG_MEL), atOnce.finish());
    assertThat(whole).hasSize(480);
    for (int step : new int[] {1, 3, 17}) {
      SpeechStream stream = vocoder.stream(backend, new SplittableRandom(5));
      float[] pieces = new float[0];
      for (int from = 0; from < LOG_MEL.time(); from += step) {
        int to = Math.min(LOG_MEL.time(), from + step);
        pieces = join(pieces, stream.push(LOG_MEL.slice(from, to)));
      }
      pieces = join(pieces, stream.finish());
      assertThat(Voice.largestDifference(pieces, whole)).isLessThan(1e-5);
      assertThatThrownBy(stream::finish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aStreamCutsWhatIsTooLoud() {
    Vocoder vocoder = Vocoders.load(CONFIG, SPEC, weights());
    SpeechStream stream = vocoder.stream(backend, new SplittableRandom(5));
    float[] loud = LOG_MEL.frames().clone();
    for (int i = 0; i < loud.length; i++) {
      loud[i] += 4;
    }
    float[] samples = join(stream.push(new LogMel(loud, SPEC)), stream.finish());
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    assertThat(peak).isEqualTo(1);
  }

  @Test
  void griffinLimIsGivenUpWithinAnIterationAndAStreamWithinABlock() {
    Vocoder vocoder = Vocoders.load(CONFIG, SPEC, weights());
    AtomicInteger asked = new AtomicInteger();
    SplittableRandom random = new SplittableRandom(5);
    vocoder.synthesize(backend, LOG_MEL, random, () -> asked.incrementAndGet() < 0);
    assertThat(asked.get()).isGreaterThanOrEqualTo(CONFIG.griffinLim().iterations());
    assertThatThrownBy(
            () -> vocoder.synthesize(backend, LOG_MEL, random, () -> asked.decrementAndGet() < 3))
        .isInstanceOf(CancelledException.class);
    assertThat(asked.get()).isEqualTo(2);
    SpeechStream stream = vocoder.stream(backend, random, () -> asked.incrementAndGet() > 4);
    assertThat(stream.push(LOG_MEL)).isNotEmpty();
    assertThatThrownBy(stream::finish).isInstanceOf(CancelledException.class);
  }

  private static float[] join(float[] a, float[] b) {
    float[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  @Test
  void griffinLimReadsNoWeights() {
    assertThat(ParameterCount.of(weights -> Vocoders.load(CONFIG, SPEC, weights))).isZero();
  }

  @Test
  void aConfigSurvivesItsWayThroughJson() {
    VocoderConfig spectron = VocoderConfig.spectron();
    String json = Json.line(spectron);
    assertThat(Json.parse("config.json", json, VocoderConfig.class)).isEqualTo(spectron);
    assertThat(json).contains("\"kind\":\"wavefit\"", "\"griffin_lim\":{", "\"up_factors\":[5,5");
  }

  @Test
  void aBadConfigIsNamedByItsPlace() {
    String json =
        Json.line(VocoderConfig.spectron()).replace("\"momentum\":0.99", "\"momentum\":2");
    assertThatThrownBy(() -> Json.parse("config.json", json, VocoderConfig.class))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: vocoder.griffin_lim.momentum: expected 0 to below 1.25, found 2.0");
  }

  private Waveform synthesize(VocoderConfig.Kind kind, LogMel logMel) {
    Vocoder vocoder = Vocoders.load(CONFIG.with(kind), SPEC, weights());
    return vocoder.synthesize(backend, logMel, new SplittableRandom(2));
  }

  private WeightScope weights() {
    return WeightScope.of(backend, new RandomWeights(3));
  }
}
