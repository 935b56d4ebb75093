package dev.spectron.training.vocoder;

import dev.spectron.core.error.TrainingException;
import dev.spectron.vocoder.wavefit.WaveFitConfig;

/**
 * The part of a vocoder's checkpoint that is no tensor.
 *
 * @param format version of the checkpoint's layout
 * @param steps steps of the vocoder
 * @param discriminatorSteps steps of the discriminator
 * @param recipe the run's recipe
 * @param wavefit the vocoder's sizes and the normalisation of its features
 */
public record VocoderState(
    int format, long steps, long discriminatorSteps, VocoderRecipe recipe, WaveFitConfig wavefit) {
  private static final int FORMAT = 1;

  /** Checks the version. */
  public VocoderState {
    if (format != FORMAT) {
      throw new TrainingException(
          "format: expected %d, found %d; use the version that wrote it".formatted(FORMAT, format));
    }
  }

  /** The state of this version. */
  public VocoderState(
      long steps, long discriminatorSteps, VocoderRecipe recipe, WaveFitConfig wavefit) {
    this(FORMAT, steps, discriminatorSteps, recipe, wavefit);
  }
}
