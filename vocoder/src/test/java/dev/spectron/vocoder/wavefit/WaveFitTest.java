package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.vocoder.Voice;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks;
import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaveFitTest {
  private static final FeatureSpec SPEC = Voice.toyFeatures();
  private static final LogMel LOG_MEL = Voice.logMel(Voice.samples(480, 8000, 1), SPEC);

  private final Backend backend = Toy.backend();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 40})
  void everyFrameBecomesAHopOfFiniteSamples(int time) {
    float[] samples = synthesize(Toy.waveFit(backend, 1), LOG_MEL.slice(0, time), 2);
    assertThat(samples).hasSize(12 * time);
    for (float sample : samples) {
      assertThat(sample).isFinite();
    }
  }

  @Test
  void theSameSeedGivesTheSameSamplesAndAnotherSeedOthers() {
    WaveFit waveFit = Toy.waveFit(backend, 3);
    float[] first = synthesize(waveFit, LOG_MEL, 4);
    assertThat(synthesize(waveFit, LOG_MEL, 4)).isEqualTo(first);
    assertThat(synthesize(waveFit, LOG_MEL, 5)).isNotEqualTo(first);
  }

  @Test
  void everyIterationHasThePowerOfTheLogMel() {
    WaveFit waveFit = Toy.waveFit(backend, 6);
    Stretch start = waveFit.start(LOG_MEL, new SplittableRandom(7));
    double due = mean(start.power());
    assertThat(due).isPositive();
    try (Scope _ = backend.openScope()) {
      List<Tensor> outputs = iterate(waveFit, start);
      assertThat(outputs).hasSize(3);
      for (Tensor output : outputs) {
        // The gain is right on the mean of its segments and not of the utterance.
        assertThat(meanSquare(backend.download(output))).isCloseTo(due, within(0.2 * due));
      }
    }
  }

  @Test
  void thePowerIsThatOfTheRecording() {
    FeatureSpec spec = Voice.miniFeatures();
    float[] samples = Voice.samples(32_000, 16_000, 2);
    WaveFitConfig config =
        new WaveFitConfig(spec, 1, 2, 2, List.of(2), List.of(20, 10), List.of(2, 2), 1, 24, 0, 0);
    WaveFit waveFit = WaveFit.load(config, spec, Toy.weights(backend, 18));
    double power = meanSquare(samples);
    LogMel logMel = Voice.logMel(samples, spec);
    double found = mean(waveFit.start(logMel, new SplittableRandom(19)).power());
    assertThat(found).isCloseTo(power, within(0.15 * power));
  }

  @Test
  void retrievedPhasesAreTheFirstWaveWhereTheConfigSaysSo() {
    WaveFit waveFit = WaveFit.load(Toy.config(5, 0), SPEC, Toy.weights(backend, 20));
    Stretch start = waveFit.start(LOG_MEL, new SplittableRandom(21));
    GriffinLimBlocks griffinLim = new GriffinLimBlocks(new GriffinLimConfig(5, 0.99f), SPEC);
    GriffinLimBlocks.Block first =
        griffinLim.next(LOG_MEL.slice(0, 28), GriffinLimBlocks.Block.none());
    GriffinLimBlocks.Block second = griffinLim.next(LOG_MEL.slice(12, 40), first);
    assertThat(Arrays.copyOf(start.wave(), 192)).isEqualTo(first.samples());
    assertThat(Arrays.copyOfRange(start.wave(), 192, 384)).isEqualTo(second.samples());
    assertThat(start.power()).hasSize(40);
    double power = meanSquare(Arrays.copyOfRange(start.wave(), 36, 48));
    assertThat((double) start.power()[3]).isCloseTo(power, within(1e-6 * power));
  }

  @Test
  void freshWeightsLeaveTheFirstWaveNearlyAsItIs() {
    WaveFit waveFit = Toy.waveFit(backend, 22);
    Stretch start = waveFit.start(LOG_MEL, new SplittableRandom(23));
    double product = 0;
    double first = 0;
    double last = 0;
    float[] made = synthesize(waveFit, LOG_MEL, 23);
    for (int i = 0; i < made.length; i++) {
      product += (double) made[i] * start.wave()[i];
      first += Math.pow(start.wave()[i], 2);
      last += Math.pow(made[i], 2);
    }
    assertThat(product / Math.sqrt(first * last)).isGreaterThan(0.9);
  }

  @Test
  void aGeneratorThatFindsNoNoiseLeavesTheShapedNoise() {
    WaveFit idle =
        WaveFit.load(
            Toy.config(),
            SPEC,
            WeightScope.of(
                (path, shape, init) ->
                    backend.weight(WeightData.of(path, shape, new float[shape.arrayLength()]))));
    Stretch start = idle.start(LOG_MEL, new SplittableRandom(8));
    float[] result = synthesize(idle, LOG_MEL, 8);
    for (int i = 12; i < result.length; i++) {
      // A positive factor that moves slowly, in three iterations at most threefold each.
      double ratio = result[i] / start.wave()[i];
      assertThat(ratio).isBetween(1 / 27.0, 27.0);
      assertThat(ratio).isCloseTo(result[i - 1] / start.wave()[i - 1], within(0.05 * ratio));
    }
  }

  @Test
  void eachIterationTakesTheEstimateOutAndAdjustsTheGain() {
    WaveFit waveFit = Toy.waveFit(backend, 9);
    Generator generator = Generator.load(Toy.config(), Toy.weights(backend, 9));
    Stretch start = waveFit.start(LOG_MEL, new SplittableRandom(10));
    try (Scope _ = backend.openScope()) {
      List<Tensor> outputs = iterate(waveFit, start);
      Tensor mel = backend.upload(start.frames(), Shape.of(1, 40, 10));
      Tensor z =
          backend.add(outputs.get(1), generator.forward(backend, outputs.get(1), mel, 2), -1);
      Tensor expected = GainAdjustment.apply(backend, z, start.power());
      assertThat(backend.download(outputs.get(2))).isEqualTo(backend.download(expected));
    }
  }

  @Test
  void silenceStaysSilent() {
    assertThat(synthesize(Toy.waveFit(backend, 11), Voice.silence(9, SPEC), 12))
        .hasSize(108)
        .matches(Voice::isSilent);
  }

  @Test
  void theGeneratorSeesTheVocodersOwnNormalisation() {
    FeatureSpec own =
        SPEC.with(new Normalisation(Collections.nCopies(10, -3f), Collections.nCopies(10, 2f)));
    WaveFitConfig config =
        new WaveFitConfig(
            own, 3, 6, 4, List.of(4, 6), List.of(3, 2, 2), List.of(6, 5, 4), 2, 6, 0, 0);
    WaveFit waveFit = WaveFit.load(config, SPEC, Toy.weights(backend, 13));
    float[] frames = waveFit.start(LOG_MEL, new SplittableRandom(14)).frames();
    assertThat(frames[5]).isCloseTo((LOG_MEL.frames()[5] + 3) / 2, within(1e-6f));
  }

  @Test
  void noScopeIsLeftOpen() {
    ReferenceBackend inner = new ReferenceBackend();
    WeightScope weights = WeightScope.of(inner, new RandomWeights(15));
    WaveFit waveFit = WaveFit.load(Toy.config(), SPEC, weights);
    waveFit.synthesize(inner, LOG_MEL, new SplittableRandom(16));
    assertThatThrownBy(() -> inner.upload(new float[1], Shape.of(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no scope open");
  }

  @Test
  void otherFeaturesThanItsOwnAreRefusedAtLoad() {
    FeatureSpec other = new FeatureSpec(8000, 64, 48, 12, 10, 50, 3900, 1e-3, SPEC.normalisation());
    assertThatThrownBy(() -> WaveFit.load(Toy.config(), other, Toy.weights(backend, 17)))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: vocoder.wavefit.features: expected the output features "
                + other
                + ", found "
                + SPEC
                + "; train the vocoder on the model's features or choose kind griffin_lim");
  }

  private List<Tensor> iterate(WaveFit waveFit, Stretch start) {
    return waveFit.iterate(
        backend,
        backend.upload(start.wave(), Shape.of(1, 480, 1)),
        backend.upload(start.frames(), Shape.of(1, 40, 10)),
        start.power());
  }

  private float[] synthesize(WaveFit waveFit, LogMel logMel, long seed) {
    return waveFit.synthesize(backend, logMel, new SplittableRandom(seed)).samples();
  }

  private static double meanSquare(float[] samples) {
    double sum = 0;
    for (float sample : samples) {
      sum += (double) sample * sample / samples.length;
    }
    return sum;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value / values.length;
    }
    return sum;
  }
}
