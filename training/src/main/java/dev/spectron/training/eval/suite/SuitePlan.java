package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.RecogniserChoice;
import java.nio.file.Path;
import java.util.List;

/**
 * What to measure, on what, and where to.
 *
 * @param suites in the order of the report
 * @param options which questions, and whether anybody listens
 * @param recogniser who listens
 * @param out folder of this run, new or of the same run before
 * @param fingerprint what is measured
 */
public record SuitePlan(
    List<Suite> suites,
    EvaluationOptions options,
    RecogniserChoice recogniser,
    Path out,
    Fingerprint fingerprint) {
  /** Copies the list. */
  public SuitePlan {
    suites = List.copyOf(suites);
  }
}
