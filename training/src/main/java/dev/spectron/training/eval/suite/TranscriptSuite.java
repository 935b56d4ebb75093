package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import java.util.List;

/** What the model understands. */
final class TranscriptSuite implements Suite {
  private static final List<Measure> MEASURES =
      List.of(Measure.TRANSCRIPT_EXACT, Measure.TRANSCRIPT_ERRORS, Measure.QUESTIONS);

  @Override
  public String name() {
    return "transcript";
  }

  @Override
  public String about() {
    return "The model's own transcript of the question against what was asked.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.items(QuestionKind.DOMAIN);
    return Findings.of(
        this,
        List.of(FigureTable.byGroup(items, MEASURES), FigureTable.byCategory(items, MEASURES)),
        Findings.some(items, item -> !item.transcriptExact()));
  }
}
