package dev.spectron.training.vocoder;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.djl.DjlAdamW;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import dev.spectron.training.loss.StftLoss;
import dev.spectron.training.run.Prefetch;
import dev.spectron.vocoder.wavefit.Stretch;
import dev.spectron.vocoder.wavefit.WaveFit;
import dev.spectron.vocoder.wavefit.WaveFitConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains WaveFit against a discriminator, one step at a time. Crops and noise are a function of
 * seed and step number, so a trainer restored from a checkpoint goes on exactly as if it had never
 * stopped.
 */
public final class VocoderTrainer implements AutoCloseable {
  static final String VOCODER = "vocoder";
  private static final String DISCRIMINATOR = "discriminator";
  private static final DjlAdamW.Settings ADAM = new DjlAdamW.Settings(0.8, 0.99, 1e-8);

  private final VocoderRecipe recipe;
  private final WaveFitConfig config;
  private final VocoderData data;
  private final DjlBackend backend;
  private final WaveFit waveFit;
  private final VocoderObjective objective;
  private final DjlAdamW generatorOptimiser;
  private final DjlAdamW discriminatorOptimiser;
  private final Prefetch<VocoderBatch> prefetch = new Prefetch<>(this::batch);
  private long steps;

  private VocoderTrainer(
      VocoderRecipe recipe, WaveFitConfig config, VocoderData data, WeightSource source) {
    this.recipe = recipe;
    this.config = config;
    this.data = data;
    this.backend =
        DjlBackend.open(DjlOptions.training(recipe.seed()).withThreads(recipe.threads()));
    WeightScope weights = WeightScope.of(backend, source);
    this.waveFit = WaveFit.load(config, config.features(), weights.in(VOCODER));
    this.objective =
        new VocoderObjective(
            backend,
            Discriminator.load(recipe.adversary().config(), weights.in(DISCRIMINATOR)),
            new StftLoss(backend, config.features()),
            recipe.losses());
    this.generatorOptimiser = optimiser(VOCODER);
    this.discriminatorOptimiser = optimiser(DISCRIMINATOR);
  }

  private DjlAdamW optimiser(String part) {
    return new DjlAdamW(backend, ADAM, List.of(new DjlAdamW.Group(paths(part), 1, 0)));
  }

  /**
   * A run from the start.
   *
   * @param data training side of a corpus
   */
  public static VocoderTrainer start(VocoderRecipe recipe, VocoderData data) {
    WaveFitConfig config = recipe.wavefit().withNormalisation(data.statistics());
    return new VocoderTrainer(recipe, config, data, new RandomWeights(recipe.seed()));
  }

  /**
   * A run that goes on.
   *
   * @param state where the run stood
   * @param weights all parameters at that time
   * @param moments of both optimisers at that time
   * @throws TrainingException if the recipe is of other sizes than the run
   */
  public static VocoderTrainer resume(
      VocoderRecipe recipe,
      VocoderData data,
      VocoderState state,
      WeightSource weights,
      Map<String, DjlAdamW.Moments> moments) {
    WaveFitConfig wanted = recipe.wavefit().withNormalisation(Normalisation.none());
    WaveFitConfig found = state.wavefit().withNormalisation(Normalisation.none());
    if (!found.equals(wanted)) {
      throw new TrainingException(
          "recipe: wavefit: expected that of the run, %s, found %s; use another folder for another vocoder"
              .formatted(found, wanted));
    }
    VocoderTrainer trainer = new VocoderTrainer(recipe, state.wavefit(), data, weights);
    trainer.steps = state.steps();
    trainer.generatorOptimiser.restore(state.steps(), moments);
    trainer.discriminatorOptimiser.restore(state.discriminatorSteps(), moments);
    return trainer;
  }

  /** Whether the recipe's last step was taken. */
  public boolean isDone() {
    return steps >= recipe.steps();
  }

  /** Where the run stands. */
  public VocoderState state() {
    return new VocoderState(steps, discriminatorOptimiser.steps(), recipe, config);
  }

  /**
   * What a step did.
   *
   * @param rate learning rate of the vocoder
   * @param gradientNorm of the vocoder before clipping; not finite if the step was skipped
   * @param losses before the step
   */
  public record StepReport(double rate, double gradientNorm, VocoderLosses losses) {}

  /** One step of the discriminator, once it has joined in, and one of the vocoder. */
  public StepReport step() {
    VocoderBatch batch = prefetch.take(steps);
    boolean adversarial = steps >= recipe.adversary().fromStep();
    try (Scope _ = backend.openScope()) {
      Tensor speech = backend.upload(batch.speech(), Shape.of(recipe.batchSize(), samples(), 1));
      List<Tensor> outputs = outputs(batch, speech.shape());
      double discriminating = adversarial ? discriminate(speech, outputs) : 0;
      VocoderObjective.Result result =
          adversarial
              ? objective.adversarial(speech, outputs)
              : objective.spectral(speech, outputs);
      VocoderLosses losses = losses(result, discriminating);
      double rate = recipe.generator().over(recipe.steps()).at(steps);
      double norm = descend(result.total(), VOCODER, generatorOptimiser, rate);
      steps++;
      return new StepReport(rate, norm, losses);
    }
  }

  /** All parameters by path, the discriminator's included. */
  public Map<String, NDArray> parameters() {
    return backend.parameters();
  }

  /** State of both optimisers by path. */
  public Map<String, DjlAdamW.Moments> moments() {
    Map<String, DjlAdamW.Moments> moments = new LinkedHashMap<>(generatorOptimiser.moments());
    moments.putAll(discriminatorOptimiser.moments());
    return moments;
  }

  /** What the vocoder makes of a spectrogram now. */
  public Waveform synthesize(LogMel logMel, long seed) {
    try (DjlBackend.Evaluation _ = backend.evaluate()) {
      return waveFit.synthesize(backend, logMel, new SplittableRandom(seed));
    }
  }

  /** Losses of single waveforms against their targets, without learning. */
  VocoderLosses measure(float[] made, float[] speech) {
    Shape shape = Shape.of(1, speech.length, 1);
    try (DjlBackend.Evaluation _ = backend.evaluate();
        Scope _ = backend.openScope()) {
      Tensor target = backend.upload(speech, shape);
      return losses(objective.spectral(target, List.of(backend.upload(made, shape))), 0);
    }
  }

  @Override
  public void close() {
    prefetch.close();
    generatorOptimiser.close();
    discriminatorOptimiser.close();
    backend.close();
  }

  private List<Tensor> outputs(VocoderBatch batch, Shape shape) {
    int nMels = config.features().nMels();
    return waveFit.iterate(
        backend,
        backend.upload(batch.first(), shape),
        backend.upload(batch.frames(), Shape.of(recipe.batchSize(), recipe.cropFrames(), nMels)),
        batch.power());
  }

  private double discriminate(Tensor speech, List<Tensor> outputs) {
    NDArray loss = objective.discriminating(speech, outputs);
    double value = loss.getFloat();
    double rate = recipe.adversary().rates().over(recipe.steps()).at(steps);
    descend(loss, DISCRIMINATOR, discriminatorOptimiser, rate);
    return value;
  }

  /** Moves one part's parameters; what the loss says of the other part's is forgotten. */
  private double descend(NDArray loss, String part, DjlAdamW optimiser, double rate) {
    backend.gradients().backward(loss);
    double norm = backend.gradients().clipGlobalNorm(paths(part), recipe.clip());
    if (Double.isFinite(norm)) {
      optimiser.step(rate);
    }
    backend.gradients().zero();
    return norm;
  }

  private static VocoderLosses losses(VocoderObjective.Result result, double discriminating) {
    return new VocoderLosses(
        result.total().getFloat(),
        result.difference().convergence().getFloat(),
        result.difference().magnitude().getFloat(),
        result.difference().logMel().getFloat(),
        result.adversarial().getFloat(),
        result.featureMatching().getFloat(),
        discriminating);
  }

  private VocoderBatch batch(long index) {
    SplittableRandom random = new SplittableRandom(recipe.seed() * 1_000_003 + index);
    int rows = recipe.batchSize();
    int values = Math.multiplyExact(recipe.cropFrames(), config.features().nMels());
    float[] speech = new float[Math.multiplyExact(rows, samples())];
    float[] first = new float[speech.length];
    float[] frames = new float[Math.multiplyExact(rows, values)];
    float[] power = new float[Math.multiplyExact(rows, recipe.cropFrames())];
    for (int row = 0; row < rows; row++) {
      VocoderData.Crop crop = data.crop(recipe.cropFrames(), random);
      Stretch start = waveFit.start(crop.logMel(), random);
      System.arraycopy(crop.samples(), 0, speech, row * samples(), samples());
      System.arraycopy(start.wave(), 0, first, row * samples(), samples());
      System.arraycopy(start.frames(), 0, frames, row * values, values);
      System.arraycopy(start.power(), 0, power, row * recipe.cropFrames(), recipe.cropFrames());
    }
    return new VocoderBatch(speech, first, frames, power);
  }

  private int samples() {
    return recipe.cropFrames() * config.features().hopLength();
  }

  private List<String> paths(String part) {
    return backend.parameters().keySet().stream().filter(p -> p.startsWith(part + ".")).toList();
  }
}
