package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks;
import dev.spectron.vocoder.wavefit.FirstWave.Blocks;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The fixed-point iteration around the generator, from a first waveform y to speech:
 *
 * <pre>
 * z = y − F(y, c, t)        y ← z ⊙ gain of power due over power of z
 * </pre>
 *
 * Source: Koizumi et al. 2022, arXiv 2210.01029, with a local gain in place of one for the whole
 * utterance, so that a sample is decided by the frames around it and {@link #stream} need not wait
 * for the end. Immutable; whatever answers share it brings its own back end thread and random
 * generator.
 */
public final class WaveFit {
  private final WaveFitConfig config;
  private final Generator generator;
  private final FirstWave firstWave;

  /** One element, or none. */
  private final List<GriffinLimBlocks> polish;

  private WaveFit(WaveFitConfig config, Generator generator) {
    this.config = config;
    this.generator = generator;
    this.firstWave = FirstWave.of(config);
    this.polish =
        config.polishIterations() == 0
            ? List.of()
            : List.of(GriffinLimBlocks.of(config.polishIterations(), config.features()));
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
   * A waveform that has this spectrogram. A long one is made in pieces, as a stream is: activations
   * of the whole would take some 200 MB a second of speech at the paper's size.
   *
   * @param logMel at least one frame, finite values
   * @param random source of the first noise
   * @return {@code time · hopLength} samples, not limited to [−1, 1]
   */
  public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
    if (logMel.time() <= WaveFitStream.MOST_FRAMES) {
      return whole(backend, logMel, random);
    }
    WaveFitStream stream = stream(backend, random);
    float[] samples = Stretch.joined(List.of(stream.push(logMel), stream.finish()));
    return new Waveform(samples, config.features().sampleRate());
  }

  /** The same, in one piece however long. */
  Waveform whole(Backend backend, LogMel logMel, RandomGenerator random) {
    float[] last = lastWave(backend, logMel, random);
    float[] samples = last;
    for (PolishStream stream : polishStream()) {
      samples = stream.push(logMel, samples, true);
    }
    return new Waveform(samples, config.features().sampleRate());
  }

  private float[] lastWave(Backend backend, LogMel logMel, RandomGenerator random) {
    Stretch start = start(logMel, random);
    try (Scope _ = backend.openScope()) {
      Tensor first = backend.upload(start.wave(), Shape.of(1, start.wave().length, 1));
      Tensor frames =
          backend.upload(start.frames(), Shape.of(1, logMel.time(), config.features().nMels()));
      return backend.download(iterate(backend, first, frames, start.power()).getLast());
    }
  }

  /**
   * What the iterations begin with, made on the host so that training and answering share it.
   *
   * @param logMel at least one frame, finite values
   * @param random source of the noise
   */
  public Stretch start(LogMel logMel, RandomGenerator random) {
    return firstWaveStream(random).push(logMel, true);
  }

  /**
   * The same synthesis for frames that come bit by bit.
   *
   * @param backend where the weights live
   * @param random source of the first noise; asked once, now
   */
  public WaveFitStream stream(Backend backend, RandomGenerator random) {
    return new WaveFitStream(backend, config, generator, firstWaveStream(random), polishStream());
  }

  private List<PolishStream> polishStream() {
    return polish.stream()
        .map(griffinLim -> new PolishStream(griffinLim, config.features()))
        .toList();
  }

  private FirstWaveStream firstWaveStream(RandomGenerator random) {
    return new FirstWaveStream(firstWave, config, random.nextLong());
  }

  /**
   * Frames that a stream is behind at most: after k frames, k − lookahead are sound. A block of the
   * first waveform and what it sees of the future, for each iteration what the generator sees of it
   * and a step of the gain, in whole steps, and a block of the polish. Where the grids of blocks
   * and steps fall worst a stream is nearly this far behind; what is heard of the furthest of these
   * frames is below rounding.
   */
  public int lookahead() {
    Blocks blocks = firstWave.blocks();
    int step = GainAdjustment.STEP;
    int ofIteration = step * (1 + Math.ceilDiv(generator.reach(hopLength()).last(), step));
    int ofPolish = !polish.isEmpty() ? GriffinLimBlocks.FRAMES + GriffinLimBlocks.AFTER - 1 : 0;
    return blocks.frames() + blocks.after() - 1 + config.iterations() * ofIteration + ofPolish;
  }

  /**
   * Earlier frames that have a part in the samples of a frame at most: a block of the first
   * waveform and what it sees of the past, and for each iteration what generator and gain see of
   * it. Retrieved phases and the polish go on from the samples before them: through these, all the
   * past has a part.
   */
  public int leftContext() {
    Blocks blocks = firstWave.blocks();
    int ofIteration = GainAdjustment.LENGTH - 1 - generator.reach(hopLength()).first();
    return blocks.frames() - 1 + blocks.before() + config.iterations() * ofIteration;
  }

  private int hopLength() {
    return config.features().hopLength();
  }

  /**
   * All iterations. In training no gradient passes from one to the one before.
   *
   * @param first {@code [batch, time · hopLength, 1]}
   * @param logMel {@code [batch, time, n_mels]}, normalised
   * @param power mean power that each frame should have, row-major {@code [batch, time]}
   * @return the waveform after each iteration, each the shape of {@code first}, in the current
   *     scope
   */
  public List<Tensor> iterate(Backend backend, Tensor first, Tensor logMel, float[] power) {
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
