package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.Distribution;
import dev.spectron.training.eval.EvaluatedItem;
import java.util.List;

/** How long the model speaks. */
final class LengthSuite implements Suite {
  private static final double NEAR = 0.2;
  private static final Measure MEAN =
      new Measure(
          "length over reference, mean",
          items ->
              Figure.mean(
                  items.stream().mapToDouble(EvaluatedItem::lengthRatio).toArray(),
                  1,
                  Figure.Unit.NUMBER));
  private static final List<Measure> MEASURES =
      List.of(
          MEAN,
          new Measure(
              "median (5th to 95th percentile)",
              items ->
                  Figure.of(
                      Distribution.of(
                          items.stream().mapToDouble(EvaluatedItem::lengthRatio).toArray()),
                      Figure.Unit.NUMBER)),
          Measure.share("within 20 %", LengthSuite::isNear),
          Measure.share("ended by the stop rule", EvaluatedItem::stopped));

  @Override
  public String name() {
    return "length";
  }

  @Override
  public String about() {
    return "Duration of the model's speech over that of the right answer's rendering; a wrong answer"
        + " may rightly be longer or shorter.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.items(QuestionKind.DOMAIN);
    return Findings.of(
        this,
        List.of(
            FigureTable.byGroup(items, MEASURES),
            FigureTable.byCategory(items, List.of(MEAN, Measure.QUESTIONS))),
        Findings.some(items, item -> !isNear(item)));
  }

  private static boolean isNear(EvaluatedItem item) {
    return Math.abs(item.lengthRatio() - 1) <= NEAR;
  }
}
