package dev.spectron.training.eval;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an evaluation found. As JSON it holds every count and every item, so that any other figure
 * can be taken from it.
 *
 * @param format version of the layout, {@link #FORMAT}
 * @param backend the back end that answered: real-time factors are its
 * @param options what was evaluated
 * @param all figures of all items
 * @param groups seen and held-out texts in training and held-out voices, those that occur
 * @param categories kinds of questions, in alphabetical order
 * @param items every question and answer
 */
public record EvaluationReport(
    int format,
    String backend,
    EvaluationOptions options,
    Figures all,
    List<Group> groups,
    List<Group> categories,
    List<EvaluatedItem> items) {
  /** Version of the layout. */
  public static final int FORMAT = 1;

  /**
   * Figures of some of the items.
   *
   * @param name what they share
   * @param figures what was measured on them
   */
  public record Group(String name, Figures figures) {}

  /**
   * Checks the version and copies the lists.
   *
   * @throws BundleException if the version is another
   */
  public EvaluationReport {
    if (format != FORMAT) {
      throw new BundleException(
          "evaluation report: format: expected "
              + FORMAT
              + ", found "
              + format
              + "; evaluate again");
    }
    groups = List.copyOf(groups);
    categories = List.copyOf(categories);
    items = List.copyOf(items);
  }

  static EvaluationReport of(String backend, EvaluationOptions options, List<EvaluatedItem> items) {
    return new EvaluationReport(
        FORMAT,
        backend,
        options,
        Figures.of(items),
        figures(byGroup(items)),
        figures(byCategory(items)),
        items);
  }

  /**
   * Reads a report.
   *
   * @param where what messages call the text
   * @param json as {@link #json} writes it
   * @throws BundleException if it is malformed
   */
  public static EvaluationReport parse(String where, String json) {
    return Json.parse(where, json, EvaluationReport.class);
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The figures as aligned columns for a terminal; ends with a line break. */
  public String text() {
    return new ReportTables(this).text();
  }

  /** The figures as Markdown tables; ends with a line break. */
  public String markdown() {
    return new ReportTables(this).markdown();
  }

  /** Items by seen or held-out text and voice, those groups that occur. */
  public static Map<String, List<EvaluatedItem>> byGroup(List<EvaluatedItem> items) {
    Map<String, List<EvaluatedItem>> groups = new LinkedHashMap<>();
    for (boolean voiceHeldOut : new boolean[] {false, true}) {
      for (boolean heldOut : new boolean[] {false, true}) {
        String name =
            (heldOut ? "held-out" : "seen")
                + " text, "
                + (voiceHeldOut ? "held-out" : "training")
                + " voice";
        List<EvaluatedItem> group =
            items.stream()
                .filter(item -> item.heldOut() == heldOut && item.voiceHeldOut() == voiceHeldOut)
                .toList();
        if (!group.isEmpty()) {
          groups.put(name, group);
        }
      }
    }
    return groups;
  }

  /** Items by category, in alphabetical order. */
  public static Map<String, List<EvaluatedItem>> byCategory(List<EvaluatedItem> items) {
    Map<String, List<EvaluatedItem>> categories = new TreeMap<>();
    items.forEach(
        item -> categories.computeIfAbsent(item.category(), _ -> new ArrayList<>()).add(item));
    return categories;
  }

  private static List<Group> figures(Map<String, List<EvaluatedItem>> items) {
    List<Group> groups = new ArrayList<>();
    items.forEach((name, group) -> groups.add(new Group(name, Figures.of(group))));
    return groups;
  }
}
