package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.Figures;
import dev.spectron.training.eval.Heard;
import dev.spectron.training.eval.Share;
import dev.spectron.training.eval.SpokenFigures;
import dev.spectron.training.eval.WordErrors;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What can be said of any set of items.
 *
 * @param name in tables
 * @param of the figure of some items
 */
record Measure(String name, Function<List<EvaluatedItem>, Figure> of) {
  static final Measure QUESTIONS = new Measure("questions", items -> Figure.count(items.size()));
  static final Measure TRANSCRIPT_EXACT = share("transcript exact", EvaluatedItem::transcriptExact);
  static final Measure TRANSCRIPT_ERRORS =
      errors("transcript, WER", EvaluatedItem::question, EvaluatedItem::transcript);
  static final Measure ANSWER_RIGHT = share("answer text right", EvaluatedItem::textRight);

  static Measure share(String name, Predicate<EvaluatedItem> right) {
    return new Measure(
        name,
        items -> Figure.of(new Share((int) items.stream().filter(right).count(), items.size())));
  }

  static Measure errors(
      String name,
      Function<EvaluatedItem, String> reference,
      Function<EvaluatedItem, String> found) {
    return new Measure(
        name,
        items ->
            Figure.of(
                items.stream()
                    .map(item -> WordErrors.between(reference.apply(item), found.apply(item)))
                    .toList()));
  }

  /** Word errors of what was heard; not measured where nobody listened. */
  static Measure heardErrors(
      String name, Function<EvaluatedItem, String> reference, Function<Heard, String> found) {
    Measure all = errors(name, reference, item -> found.apply(item.heard().getFirst()));
    return new Measure(
        name,
        items -> all.of.apply(items.stream().filter(item -> !item.heard().isEmpty()).toList()));
  }

  /** One of the figures of an evaluation. */
  static Measure figures(String name, Function<Figures, Share> share) {
    return new Measure(name, items -> Figure.of(share.apply(Figures.of(items))));
  }

  /** One of the figures of what was heard; not measured where nobody listened. */
  static Measure spoken(String name, Function<SpokenFigures, Share> share) {
    return figures(
        name,
        figures ->
            figures.spoken().isEmpty()
                ? new Share(0, 0)
                : share.apply(figures.spoken().getFirst()));
  }
}
