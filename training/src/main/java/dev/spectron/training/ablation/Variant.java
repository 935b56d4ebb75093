package dev.spectron.training.ablation;

import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.TrainingException;
import dev.spectron.training.TrainingRecipe;
import dev.spectron.training.TrainingRecipe.Task;
import java.util.regex.Pattern;

/**
 * A recipe with parts left out. What is not said is kept.
 *
 * @param name of its folder and in the table: at most 40 lower-case letters, digits and hyphens
 * @param derivativeLosses the spectrogram loss of differences over time and frequency
 * @param textCrossEntropy the text loss after the pre-training
 * @param encoderPretraining the stage of the encoder
 * @param textPretraining the stage of the language model
 * @param preNetBottleneck without it, the pre-net's hidden layer is as wide as the language model
 */
public record Variant(
    String name,
    @IfAbsent("true") boolean derivativeLosses,
    @IfAbsent("true") boolean textCrossEntropy,
    @IfAbsent("true") boolean encoderPretraining,
    @IfAbsent("true") boolean textPretraining,
    @IfAbsent("true") boolean preNetBottleneck) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  /**
   * Checks the name.
   *
   * @throws TrainingException if it could not be a folder's
   */
  public Variant {
    if (!NAME.matcher(name).matches()) {
      throw new TrainingException(
          "plan: variants: name: expected at most 40 lower-case letters, digits and hyphens, found "
              + name);
    }
  }

  boolean pretrains(Task task) {
    return (task == Task.ENCODER && encoderPretraining) || (task == Task.TEXT && textPretraining);
  }

  /** A recipe with what is left out of losses and sizes. */
  TrainingRecipe change(TrainingRecipe recipe) {
    TrainingRecipe changed = recipe;
    if (!derivativeLosses) {
      changed = changed.with(changed.weights().withoutDeltas());
    }
    if (!textCrossEntropy) {
      changed = changed.with(changed.weights().withoutText());
    }
    if (!preNetBottleneck) {
      changed = changed.withPreNetBottleneck(changed.sizes().lm().dModel());
    }
    return changed;
  }
}
