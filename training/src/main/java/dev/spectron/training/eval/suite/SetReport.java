package dev.spectron.training.eval.suite;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.eval.Distribution;
import dev.spectron.training.eval.HtmlReport;
import dev.spectron.training.eval.Share;
import dev.spectron.training.eval.TextTable;
import dev.spectron.training.eval.WordErrors;
import java.util.List;
import java.util.function.Predicate;

/**
 * What an evaluation on somebody else's recordings found.
 *
 * @param run what was measured
 * @param set name of the set
 * @param figures of all recordings; those of answers only where a right one is known, those of
 *     transcripts where the text is
 * @param items every recording
 */
public record SetReport(Fingerprint run, String set, FigureTable figures, List<Item> items) {
  /**
   * One recording.
   *
   * @param id in the set
   * @param text what was said; empty if unknown
   * @param rightAnswers any of them; empty if it is no question
   * @param transcript what the model understood
   * @param answer what it answered in words
   * @param right whether the answer holds a right one
   * @param words of {@code text} that count
   * @param transcriptWords of {@code transcript} that count
   * @param stopped whether the speech ended by the stop rule
   * @param realTimeFactor time over duration
   */
  public record Item(
      String id,
      String text,
      List<String> rightAnswers,
      String transcript,
      String answer,
      boolean right,
      String words,
      String transcriptWords,
      boolean stopped,
      double realTimeFactor) {
    /** Copies the list. */
    public Item {
      rightAnswers = List.copyOf(rightAnswers);
    }

    /** Whether the answer is right, or where none is known the transcript. */
    boolean fits() {
      return rightAnswers.isEmpty() ? exact() || words.isEmpty() : right;
    }

    private boolean exact() {
      return words.equals(transcriptWords);
    }
  }

  /** Copies the list. */
  public SetReport {
    items = List.copyOf(items);
  }

  static SetReport of(Fingerprint run, String set, List<Item> items) {
    List<Item> questions = items.stream().filter(item -> !item.rightAnswers.isEmpty()).toList();
    List<Item> known = items.stream().filter(item -> !item.words.isEmpty()).toList();
    List<WordErrors> errors =
        known.stream().map(i -> WordErrors.between(i.words, i.transcriptWords)).toList();
    double[] factors = items.stream().mapToDouble(Item::realTimeFactor).toArray();
    List<FigureTable.Row> rows =
        List.of(
            row("recordings", Figure.count(items.size())),
            row("answer right", share(questions, Item::right)),
            row("transcript exact", share(known, Item::exact)),
            row("transcript, WER", Figure.of(errors)),
            row("ended by the stop rule", share(items, Item::stopped)),
            row(
                "real-time factor, median (5th to 95th percentile)",
                Figure.of(Distribution.of(factors), Figure.Unit.NUMBER)));
    return new SetReport(run, set, new FigureTable("", List.of("all"), rows, false), items);
  }

  /**
   * Reads a report.
   *
   * @param where what messages call the text
   * @param json as {@link #json} writes it
   * @throws dev.spectron.core.error.BundleException if it is malformed
   */
  public static SetReport parse(String where, String json) {
    return Json.parse(where, json, SetReport.class);
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The figures as aligned columns for a terminal; ends with a line break. */
  public String text() {
    return lead() + "\n\n" + TextTable.aligned(figures.words());
  }

  /** The figures as a Markdown table; ends with a line break. */
  public String markdown() {
    return "# Evaluation\n\n" + lead() + "\n\n" + TextTable.piped(figures.words());
  }

  /** The figures as a page with players. */
  HtmlReport page(List<HtmlReport.Recorded> recordings) {
    HtmlReport.Table table = new HtmlReport.Table(figures.words());
    return new HtmlReport(
        "Evaluation",
        lead(),
        List.of(new HtmlReport.Section("", "", List.of(), List.of(table), List.of())),
        recordings);
  }

  private String lead() {
    return "%s, %d recordings, %s. %s".formatted(set, items.size(), run, SuiteReport.NOTE);
  }

  private static FigureTable.Row row(String name, Figure figure) {
    return new FigureTable.Row(name, List.of(figure));
  }

  private static Figure share(List<Item> items, Predicate<Item> holds) {
    return Figure.of(new Share((int) items.stream().filter(holds).count(), items.size()));
  }
}
