package dev.spectron.training.eval.suite;

import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.eval.Disturbance;
import dev.spectron.training.eval.EvaluatedItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a model understands and answers the same questions under each disturbance. */
final class RobustnessSuite implements Suite {
  @Override
  public String name() {
    return "robustness";
  }

  @Override
  public String about() {
    return "The undisturbed ones of the questions again with noise, in a room, over a telephone,"
        + " quieter, louder, later, slower and quicker; transcripts and answers in words. The last"
        + " column is the difference to the same questions undisturbed.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<CorpusItem> questions =
        run.questions(QuestionKind.DOMAIN).stream()
            .filter(item -> item.condition() == Condition.CLEAN)
            .toList();
    if (questions.isEmpty()) {
      return Findings.none(
          this, "expected undisturbed questions among those drawn, found none; ask for more items");
    }
    Map<String, List<EvaluatedItem>> sets = new LinkedHashMap<>();
    for (Disturbance disturbance : Disturbance.values()) {
      sets.put(disturbance.label(), run.items(questions, disturbance));
    }
    List<EvaluatedItem> clean = sets.get(Disturbance.CLEAN.label());
    List<Measure> measures =
        List.of(
            Measure.ANSWER_RIGHT,
            Measure.TRANSCRIPT_EXACT,
            Measure.TRANSCRIPT_ERRORS,
            new Measure("answers to clean", items -> difference(items, clean)));
    return Findings.of(this, List.of(FigureTable.of("disturbance", sets, measures)), List.of());
  }

  private static Figure difference(List<EvaluatedItem> items, List<EvaluatedItem> clean) {
    double[] differences = new double[items.size()];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = (items.get(i).textRight() ? 1 : 0) - (clean.get(i).textRight() ? 1 : 0);
    }
    return Figure.mean(differences, 100, Figure.Unit.PERCENT);
  }
}
