package dev.spectron.training.ablation;

import dev.spectron.training.eval.EvaluationReport;
import dev.spectron.training.eval.TeacherForced;
import java.util.List;

/**
 * What a variant cost and what it reached; its folder holds it as {@code result.json}.
 *
 * @param variant what was left out
 * @param parameters of the model, as answered with
 * @param pretraining what its pre-training cost, shared or not
 * @param training what the rest cost
 * @param teacherForced development items, fed the truth
 * @param answers development items, answered freely
 */
public record VariantResult(
    Variant variant,
    long parameters,
    Cost pretraining,
    Cost training,
    List<TeacherForced> teacherForced,
    EvaluationReport answers) {
  /** Copies the list. */
  public VariantResult {
    teacherForced = List.copyOf(teacherForced);
  }

  /**
   * What a training cost.
   *
   * @param steps of the optimiser
   * @param seconds of one process, its checkpoints and their measurements included
   */
  public record Cost(long steps, double seconds) {
    static final Cost NONE = new Cost(0, 0);

    Cost plus(Cost other) {
      return new Cost(steps + other.steps, seconds + other.seconds);
    }
  }
}
