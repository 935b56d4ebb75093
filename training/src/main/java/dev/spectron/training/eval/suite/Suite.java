package dev.spectron.training.eval.suite;

/** One thing that can be measured of a model. */
public interface Suite {
  /** Name on the command line, one lower-case word. */
  String name();

  /** What is measured and what it is not, a few sentences for the report. */
  String about();

  /** Whether nothing can be measured without a recogniser. */
  default boolean needsRecogniser() {
    return false;
  }

  /**
   * Measures.
   *
   * @param run answers questions, or finds them answered
   */
  Findings measure(SuiteRun run);
}
