package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The fixed-point iteration around the generator, from a first waveform y to speech:
 *
 * <pre>
 * z = y − F(y, c, t)        y ← z·sqrt(mean power of c / mean power of z)
 * </pre>
 *
 * Source: Koizumi et al. 2022, arXiv 2210.01029. Immutable; whatever answers share it brings its
 * own back end thread and random generator.
 */
public final class WaveFit {
  private final WaveFitConfig config;
  private final Generator generator;
  private final FirstWave firstWave;

  private WaveFit(WaveFitConfig config, Generator generator) {
    this.config = config;
    this.generator = generator;
    this.firstWave = FirstWave.of(config);
  }

  /**
   * Reads the weights of {@link Generator}.
   *
   * @param config sizes
   * @param spec the features the model answers with; their normalisation does not matter
   * @throws BundleException if the vocoder was trained on other features
   */
  public static WaveFit load(WaveFitConfig config, FeatureSpec spec, WeightScope weights) {
    FeatureSpec expected = spec.with(Normalisation.none());
    FeatureSpec found = config.features().with(Normalisation.none());
    if (!found.equals(expected)) {
      throw new BundleException(
          "config.json: vocoder.wavefit.features: expected the output features %s, found %s; train the vocoder on the model's features or choose kind griffin_lim"
              .formatted(expected, found));
    }
    return new WaveFit(config, Generator.load(config, weights));
  }

  /**
   * A waveform that has this spectrogram.
   *
   * @param logMel at least one frame, finite values
   * @param random source of the first noise
   * @return {@code time · hopLength} samples, not limited to [−1, 1]
   * @throws CapacityException if the spectrogram is too long to be held in memory
   */
  public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
    Start start = start(logMel, random);
    try (Scope _ = backend.openScope()) {
      Tensor first = backend.upload(start.wave, Shape.of(1, start.wave.length, 1));
      Tensor frames =
          backend.upload(start.frames, Shape.of(1, logMel.time(), config.features().nMels()));
      Tensor last = iterate(backend, first, frames, new double[] {start.power}).getLast();
      return new Waveform(backend.download(last), config.features().sampleRate());
    }
  }

  /**
   * What the iterations begin with, made on the host so that training and answering share it.
   *
   * @param wave first waveform, {@code time · hopLength} samples
   * @param frames generator's input, row-major {@code [time, n_mels]}, normalised
   * @param power mean power that the waveform should have
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  public record Start(float[] wave, float[] frames, double power) {}

  /**
   * The first waveform, input and power for one spectrogram.
   *
   * @param logMel at least one frame, finite values
   * @param random source of the noise
   * @throws CapacityException if the spectrogram is too long to be held in memory
   */
  public Start start(LogMel logMel, RandomGenerator random) {
    FirstWave.Wave first = firstWave.of(logMel, random);
    LogMel normalised = new LogMel(logMel.frames(), config.features());
    return new Start(first.samples(), normalised.normalised(), first.power());
  }

  /**
   * All iterations. In training no gradient passes from one to the one before.
   *
   * @param first {@code [batch, time · hopLength, 1]}
   * @param logMel {@code [batch, time, n_mels]}, normalised
   * @param power mean power that each row should have
   * @return the waveform after each iteration, each the shape of {@code first}, in the current
   *     scope
   */
  public List<Tensor> iterate(Backend backend, Tensor first, Tensor logMel, double[] power) {
    List<Tensor> outputs = new ArrayList<>();
    Tensor y = first;
    for (int iteration = 0; iteration < config.iterations(); iteration++) {
      try (Scope scope = backend.openScope()) {
        Tensor estimate = generator.forward(backend, y, logMel, iteration);
        Tensor z = backend.add(y, estimate, -1);
        outputs.add(scope.keep(GainAdjustment.apply(backend, z, power)));
      }
      y = backend.stopGradient(outputs.getLast());
    }
    return List.copyOf(outputs);
  }
}
