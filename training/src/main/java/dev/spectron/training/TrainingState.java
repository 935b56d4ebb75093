package dev.spectron.training;

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
  public static final int FORMAT = 1;
}
