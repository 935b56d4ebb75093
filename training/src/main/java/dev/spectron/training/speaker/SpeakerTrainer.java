package dev.spectron.training.speaker;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.djl.DjlAdamW;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import dev.spectron.training.run.Prefetch;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains a speaker encoder, one step at a time. Crops are a function of seed and step number, so a
 * trainer restored from a checkpoint goes on exactly as if it had never stopped.
 */
final class SpeakerTrainer implements AutoCloseable {
  private final SpeakerRecipe recipe;
  private final DjlBackend backend;
  private final SpeakerEncoder encoder;
  private final PairLoss loss;
  private final DjlAdamW optimiser;
  private final Prefetch<SpeakerBatch> prefetch;
  private long steps;

  private SpeakerTrainer(SpeakerRecipe recipe, SpeakerData data, WeightSource source) {
    this.recipe = recipe;
    this.backend =
        DjlBackend.open(DjlOptions.training(recipe.seed()).withThreads(recipe.threads()));
    this.encoder = SpeakerEncoder.load(recipe.encoder(), WeightScope.of(backend, source));
    this.loss = new PairLoss(backend, recipe.scale(), recipe.margin());
    this.optimiser =
        new DjlAdamW(
            backend,
            DjlAdamW.Settings.usual(),
            List.of(
                new DjlAdamW.Group(paths(true), 1, recipe.weightDecay()),
                new DjlAdamW.Group(paths(false), 1, 0)));
    this.prefetch =
        new Prefetch<>(
            index -> data.batch(new SplittableRandom(recipe.seed() * 1_000_003 + index)));
  }

  private List<String> paths(boolean matrices) {
    return backend.parameters().entrySet().stream()
        .filter(entry -> entry.getValue().getShape().dimension() > 1 == matrices)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A run from the start. */
  static SpeakerTrainer start(SpeakerRecipe recipe, SpeakerData data) {
    return new SpeakerTrainer(recipe, data, new RandomWeights(recipe.seed()));
  }

  /**
   * A run that goes on.
   *
   * @param state where the run stood
   * @param weights all parameters at that time
   * @param moments of the optimiser at that time
   * @throws TrainingException if the recipe is of other sizes than the run
   */
  static SpeakerTrainer resume(
      SpeakerRecipe recipe,
      SpeakerData data,
      SpeakerState state,
      WeightSource weights,
      Map<String, DjlAdamW.Moments> moments) {
    if (!state.recipe().encoder().equals(recipe.encoder())) {
      throw new TrainingException(
          "recipe: encoder: expected that of the run, %s, found %s; use another folder for another encoder"
              .formatted(state.recipe().encoder(), recipe.encoder()));
    }
    SpeakerTrainer trainer = new SpeakerTrainer(recipe, data, weights);
    trainer.steps = state.steps();
    trainer.optimiser.restore(state.steps(), moments);
    return trainer;
  }

  boolean isDone() {
    return steps >= recipe.steps();
  }

  SpeakerState state() {
    return new SpeakerState(steps, recipe);
  }

  /**
   * What a step did.
   *
   * @param rate learning rate
   * @param gradientNorm before clipping; not finite if the step was skipped
   * @param loss before the step, nats
   * @param accuracy share of the embeddings nearest to their own speaker
   */
  public record StepReport(double rate, double gradientNorm, double loss, double accuracy) {}

  StepReport step() {
    SpeakerBatch batch = prefetch.take(steps);
    try (Scope _ = backend.openScope()) {
      PairLoss.Result result = lossOf(batch);
      double rate = recipe.rates().over(recipe.steps()).at(steps);
      double value = result.mean().getFloat();
      backend.gradients().backward(result.mean());
      double norm = backend.gradients().clipGlobalNorm(recipe.clip());
      if (Double.isFinite(norm)) {
        optimiser.step(rate);
      }
      backend.gradients().zero();
      steps++;
      return new StepReport(rate, norm, value, result.accuracy());
    }
  }

  /** The same without learning. */
  StepReport measure(SpeakerBatch batch) {
    try (DjlBackend.Evaluation _ = backend.evaluate();
        Scope _ = backend.openScope()) {
      PairLoss.Result result = lossOf(batch);
      return new StepReport(0, 0, result.mean().getFloat(), result.accuracy());
    }
  }

  /** All parameters by path. */
  Map<String, NDArray> parameters() {
    return backend.parameters();
  }

  /** State of the optimiser by path. */
  Map<String, DjlAdamW.Moments> moments() {
    return optimiser.moments();
  }

  @Override
  public void close() {
    prefetch.close();
    optimiser.close();
    backend.close();
  }

  private PairLoss.Result lossOf(SpeakerBatch batch) {
    Tensor frames = backend.upload(batch.frames(), batch.shape());
    Tensor embeddings = encoder.forward(backend, frames, batch.lengths());
    return loss.of(backend.array(embeddings), recipe.cropsPerSpeaker(), batch.unclear());
  }
}
