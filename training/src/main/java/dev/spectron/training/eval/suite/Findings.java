package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a suite found.
 *
 * @param suite its name
 * @param about what was measured and what not
 * @param tables the figures; none where nothing could be measured
 * @param examples ids of items to listen to
 */
public record Findings(
    String suite, String about, List<FigureTable> tables, List<String> examples) {
  private static final int EXAMPLES = 4;

  /** Copies the lists. */
  public Findings {
    tables = List.copyOf(tables);
    examples = List.copyOf(examples);
  }

  static Findings of(Suite suite, List<FigureTable> tables, List<String> examples) {
    return new Findings(suite.name(), suite.about(), tables, examples);
  }

  /** Nothing could be measured. */
  static Findings none(Suite suite, String why) {
    return new Findings(
        suite.name(), suite.about() + " Not measured: " + why + ".", List.of(), List.of());
  }

  /** The first few items of which something holds. */
  static List<String> some(List<EvaluatedItem> items, Predicate<EvaluatedItem> holds) {
    return items.stream().filter(holds).limit(EXAMPLES).map(EvaluatedItem::id).toList();
  }
}
