package dev.spectron.training.ablation;

import dev.spectron.training.ToyRecipe;
import dev.spectron.training.TrainingRecipe.Stage;
import dev.spectron.training.TrainingRecipe.Task;
import java.util.List;

/** The toy, and each part left out once. */
final class ToyPlan {
  private ToyPlan() {}

  static AblationPlan of() {
    return new AblationPlan(
        ToyRecipe.of(
            new Stage(Task.TEXT, 2, 4, 1, 1e-3, 0, 1, 0),
            new Stage(Task.ENCODER, 2, 4, 1, 1e-3, 0, 1, 0),
            new Stage(Task.JOINT, 2, 4, 1, 1e-3, 0, 1, 0)),
        List.of(
            new Variant("whole", true, true, true, true, true),
            new Variant("no-derivative-losses", false, true, true, true, true),
            new Variant("no-text-cross-entropy", true, false, true, true, true),
            new Variant("no-encoder-pretraining", true, true, false, true, true),
            new Variant("no-text-pretraining", true, true, true, false, true),
            new Variant("no-bottleneck", true, true, true, true, false)),
        3,
        2);
  }
}
