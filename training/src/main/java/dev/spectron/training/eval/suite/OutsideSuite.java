package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.Share;
import java.util.List;

/** Questions that the model should not answer. */
final class OutsideSuite implements Suite {
  @Override
  public String name() {
    return "outside";
  }

  @Override
  public String about() {
    return "Questions outside of the domain, to which the right answer is \"i don't know\", and"
        + " questions of the domain, to which it is not. Precision depends on how many of each were"
        + " asked; recall and what is lost do not.";
  }

  @Override
  public QuestionKind asks() {
    return QuestionKind.OUTSIDE;
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> outside = run.items(QuestionKind.OUTSIDE);
    List<EvaluatedItem> domain = run.items(QuestionKind.DOMAIN);
    int found = unknown(outside);
    int lost = unknown(domain);
    List<FigureTable.Row> rows =
        List.of(
            row("recall: outside, not known", new Share(found, outside.size())),
            row("lost: of the domain, not known", new Share(lost, domain.size())),
            row("precision: not known, outside", new Share(found, found + lost)));
    return Findings.of(
        this,
        List.of(new FigureTable("", List.of("share"), rows, true)),
        Findings.some(outside, item -> !QuestionKind.isNotKnowing(item.text())));
  }

  private static int unknown(List<EvaluatedItem> items) {
    return (int) items.stream().filter(item -> QuestionKind.isNotKnowing(item.text())).count();
  }

  private static FigureTable.Row row(String name, Share share) {
    return new FigureTable.Row(name, List.of(Figure.of(share)));
  }
}
