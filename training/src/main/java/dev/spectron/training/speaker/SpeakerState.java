package dev.spectron.training.speaker;

import dev.spectron.core.error.TrainingException;

/**
 * The part of a speaker encoder's checkpoint that is no tensor.
 *
 * @param format version of the checkpoint's layout
 * @param steps optimiser steps taken
 * @param recipe the run's recipe
 */
public record SpeakerState(int format, long steps, SpeakerRecipe recipe) {
  private static final int FORMAT = 1;

  /** Checks the version. */
  public SpeakerState {
    if (format != FORMAT) {
      throw new TrainingException(
          "format: expected %d, found %d; use the version that wrote it".formatted(FORMAT, format));
    }
  }

  /** The state of this version. */
  public SpeakerState(long steps, SpeakerRecipe recipe) {
    this(FORMAT, steps, recipe);
  }
}
