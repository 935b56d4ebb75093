package dev.spectron.training;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.data.AugmentConfig;
import dev.spectron.training.run.RateSchedule;
import java.util.List;

/**
 * A whole training run as a JSON file: model, stages in order, losses, augmentation.
 *
 * @param config name of the model's configuration
 * @param seed of initialisation, batches, augmentation and dropout
 * @param bf16 whether matrix products run in bf16
 * @param threads threads of libtorch
 * @param weights factors of the losses
 * @param augment disturbance of questions
 * @param stages in order
 * @param weightDecay of AdamW, on matrices only
 * @param clip largest gradient norm
 * @param checkpointSeconds time between checkpoints
 * @param developmentItems items of the development set that each checkpoint measures
 */
public record TrainingRecipe(
    String config,
    long seed,
    boolean bf16,
    int threads,
    LossWeights weights,
    AugmentConfig augment,
    List<Stage> stages,
    double weightDecay,
    double clip,
    int checkpointSeconds,
    int developmentItems) {
  /** Checks the values. */
  public TrainingRecipe {
    stages = List.copyOf(stages);
    require(!stages.isEmpty(), "stages", "at least one", 0);
    require(threads >= 1 && threads <= 1024, "threads", "1 to 1024", threads);
    require(clip > 0, "clip", "above 0", clip);
    require(checkpointSeconds >= 1, "checkpoint_seconds", "at least 1", checkpointSeconds);
    require(developmentItems >= 0, "development_items", "at least 0", developmentItems);
  }

  /** What a stage trains. */
  public enum Task {
    /** The encoder, by CTC on transcripts. */
    ENCODER,
    /** The language model, on written questions and answers. */
    TEXT,
    /** The language model and the nets, from written questions to spoken answers. */
    SPEECH,
    /** Everything, from spoken questions to spoken answers. */
    JOINT
  }

  /**
   * Factors of the losses.
   *
   * @param reconstruction λ_r of the spectrogram loss
   * @param timeDeltaOrders K of the spectrogram loss
   * @param stop factor of the stop loss; 0 reproduces the paper's loss
   * @param stopPositive weight of a last step within the stop loss
   * @param ctc factor of letter CTC on the encoder in the joint stage; 0 reproduces the paper's
   *     loss
   * @param prefixCtc factor of token CTC on the speech prefix, read through the language model's
   *     own embedding, in the encoder and joint stages: it makes the prefix look like the words it
   *     stands for; 0 reproduces the paper's loss
   */
  public record LossWeights(
      double reconstruction,
      int timeDeltaOrders,
      double stop,
      double stopPositive,
      double ctc,
      double prefixCtc) {}

  /**
   * One stage.
   *
   * @param task what it trains
   * @param steps optimiser steps
   * @param batchSize examples of a batch
   * @param accumulate batches of a step
   * @param peakRate highest learning rate
   * @param warmupSteps steps of linear rise
   * @param finalShare learning rate at the end, share of the peak; a half cosine leads there
   * @param rehearseEvery in the speech and joint stages, every so many batches one of written
   *     questions is added, so that the language model keeps what only they taught it; 0 for never
   */
  public record Stage(
      Task task,
      long steps,
      int batchSize,
      int accumulate,
      double peakRate,
      int warmupSteps,
      double finalShare,
      int rehearseEvery) {
    /** Checks the values. */
    public Stage {
      new RateSchedule(peakRate, warmupSteps, finalShare, steps);
      require(batchSize >= 2 && batchSize <= 65_536, "batch_size", "2 to 65536", batchSize);
      require(accumulate >= 1, "accumulate", "at least 1", accumulate);
      boolean rehearses = task == Task.SPEECH || task == Task.JOINT;
      require(
          rehearseEvery >= 0 && (rehearses || rehearseEvery == 0),
          "rehearse_every",
          rehearses ? "at least 0" : "0 in this stage",
          rehearseEvery);
    }

    /** Learning rate of one step, from 0. */
    public double rate(long step) {
      return new RateSchedule(peakRate, warmupSteps, finalShare, steps).at(step);
    }
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException("recipe: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
