package dev.spectron.training;

import dev.spectron.core.error.TrainingException;
import dev.spectron.spokenlm.SpokenLmConfig;

/**
 * The part of a checkpoint that is no tensor.
 *
 * @param format version of the checkpoint's layout
 * @param progress where the run stands; data order, augmentation and dropout follow from it and the
 *     recipe's seed
 * @param recipe the run's recipe
 * @param config the model's sizes and the normalisation of its features
 */
public record TrainingState(
    int format, Trainer.Progress progress, TrainingRecipe recipe, SpokenLmConfig config) {
  /** Version that this code writes and reads. */
  private static final int FORMAT = 1;

  /** Checks the version. */
  public TrainingState {
    if (format != FORMAT) {
      throw new TrainingException(
          "format: expected %d, found %d; use the version that wrote it".formatted(FORMAT, format));
    }
  }

  /** The state of this version. */
  public TrainingState(Trainer.Progress progress, TrainingRecipe recipe, SpokenLmConfig config) {
    this(FORMAT, progress, recipe, config);
  }
}
