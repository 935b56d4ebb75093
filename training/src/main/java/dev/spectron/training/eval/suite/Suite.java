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

  /** What it asks; where a corpus has none of it there is nothing to measure. */
  default QuestionKind asks() {
    return QuestionKind.DOMAIN;
  }

  /**
   * Measures.
   *
   * @param run answers questions, or finds them answered
   */
  Findings measure(SuiteRun run);
}
