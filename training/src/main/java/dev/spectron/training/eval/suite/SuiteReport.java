package dev.spectron.training.eval.suite;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.HtmlReport;
import dev.spectron.training.eval.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the suites of a run found. As JSON it holds every figure and every question, so that any
 * other figure can be taken from it.
 *
 * @param run what was measured
 * @param options which questions
 * @param recogniser who listened; empty if nobody did
 * @param suites one element a suite
 * @param items every undisturbed question that was asked
 */
public record SuiteReport(
    Fingerprint run,
    EvaluationOptions options,
    String recogniser,
    List<Findings> suites,
    List<EvaluatedItem> items) {
  static final String NOTE =
      "With 95 % intervals: Wilson of shares, bootstrap over questions of means and word error rates"
          + " (WER), from five questions on; where all are alike it has no width, which is no"
          + " certainty.";

  /** Copies the lists. */
  public SuiteReport {
    suites = List.copyOf(suites);
    items = List.copyOf(items);
  }

  static SuiteReport of(SuitePlan plan, List<Findings> suites, List<EvaluatedItem> items) {
    return new SuiteReport(
        plan.fingerprint(),
        plan.options(),
        plan.options().judge() ? plan.recogniser().label() : "",
        suites,
        items);
  }

  /**
   * Reads a report.
   *
   * @param where what messages call the text
   * @param json as {@link #json} writes it
   * @throws dev.spectron.core.error.BundleException if it is malformed
   */
  public static SuiteReport parse(String where, String json) {
    return Json.parse(where, json, SuiteReport.class);
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The figures as aligned columns for a terminal; ends with a line break. */
  public String text() {
    StringBuilder text = new StringBuilder(lead()).append('\n');
    for (Findings one : suites) {
      text.append('\n').append(one.suite()).append('\n');
      if (one.tables().isEmpty()) {
        text.append(one.about()).append('\n');
      }
      text.append(tables(one, TextTable::aligned));
    }
    return text.toString();
  }

  /** The figures as Markdown tables, each suite with what it is; ends with a line break. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# Evaluation\n\n").append(lead()).append('\n');
    for (Findings one : suites) {
      text.append("\n## %s\n\n%s\n".formatted(one.suite(), one.about()));
      String tables = tables(one, TextTable::piped);
      text.append(tables.isEmpty() ? "" : "\n" + tables);
    }
    return text.toString();
  }

  /** The figures as a page with bars and players. */
  HtmlReport page(List<HtmlReport.Recorded> recordings) {
    List<HtmlReport.Section> sections = new ArrayList<>();
    for (Findings one : suites) {
      sections.add(
          new HtmlReport.Section(
              one.suite(),
              one.about(),
              one.tables().stream().filter(FigureTable::plotted).map(FigureTable::bars).toList(),
              one.tables().stream().map(table -> new HtmlReport.Table(table.words())).toList(),
              one.examples()));
    }
    return new HtmlReport("Evaluation", lead(), sections, recordings);
  }

  private String lead() {
    String listener = recogniser.isEmpty() ? "nobody listened" : "recogniser " + recogniser;
    return "%d questions, %s, %s. %s".formatted(items.size(), run, listener, NOTE);
  }

  private static String tables(Findings findings, Function<List<List<String>>, String> written) {
    return String.join(
        "\n", findings.tables().stream().map(table -> written.apply(table.words())).toList());
  }
}
