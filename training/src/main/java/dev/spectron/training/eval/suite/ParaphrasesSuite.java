package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Questions of the domain in other words. */
final class ParaphrasesSuite implements Suite {
  @Override
  public String name() {
    return "paraphrases";
  }

  @Override
  public String about() {
    return "Questions of the domain in other words than those of its table, beside questions in the"
        + " table's words (other facts, drawn by the same rule).";
  }

  @Override
  public QuestionKind asks() {
    return QuestionKind.PARAPHRASE;
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.items(QuestionKind.PARAPHRASE);
    Map<String, List<EvaluatedItem>> sets = new LinkedHashMap<>();
    sets.put("other words", items);
    sets.put("the table's words", run.items(QuestionKind.DOMAIN));
    return Findings.of(
        this,
        List.of(
            FigureTable.of(
                "question",
                sets,
                List.of(
                    Measure.ANSWER_RIGHT,
                    Measure.TRANSCRIPT_EXACT,
                    Measure.TRANSCRIPT_ERRORS,
                    Measure.QUESTIONS))),
        Findings.some(items, item -> !item.textRight()));
  }
}
