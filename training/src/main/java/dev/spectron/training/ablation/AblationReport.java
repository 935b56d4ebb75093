package dev.spectron.training.ablation;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.eval.Estimate;
import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.Figures;
import dev.spectron.training.eval.Share;
import dev.spectron.training.eval.SpokenFigures;
import dev.spectron.training.eval.TeacherForced;
import dev.spectron.training.eval.WordErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What an ablation found.
 *
 * @param plan what was to be found
 * @param results of the variants done, in the order of the plan
 */
public record AblationReport(AblationPlan plan, List<VariantResult> results) {
  /** Copies the list. */
  public AblationReport {
    results = List.copyOf(results);
  }

  private record Row(String name, Function<VariantResult, String> cell) {}

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** A column for each variant, as a Markdown table; ends with a line break. */
  public String markdown() {
    StringBuilder table = new StringBuilder("| figure (95 % interval) |");
    results.forEach(result -> table.append(' ').append(result.variant().name()).append(" |"));
    table.append("\n| --- |").append(" --: |".repeat(results.size())).append('\n');
    for (Row row : rows()) {
      table.append("| ").append(row.name).append(" |");
      results.forEach(result -> table.append(' ').append(row.cell.apply(result)).append(" |"));
      table.append('\n');
    }
    return table
        .append(
            """

            Development set; %d items fed the truth, %d answered freely. Means and word error rates with bootstrap, shares with Wilson intervals.
            """
                .formatted(
                    results.stream().mapToInt(r -> r.teacherForced().size()).max().orElse(0),
                    results.stream().mapToInt(r -> r.answers().items().size()).max().orElse(0)))
        .toString();
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("parameters", result -> String.valueOf(result.parameters())));
    rows.add(new Row("steps of pre-training", result -> steps(result.pretraining())));
    rows.add(new Row("steps after it", result -> steps(result.training())));
    rows.add(new Row("seconds of pre-training", result -> seconds(result.pretraining())));
    rows.add(new Row("seconds after it", result -> seconds(result.training())));
    rows.add(fed("fed the truth: text cross-entropy, nats", TeacherForced::text));
    rows.add(fed("tokens right, %", item -> 100 * item.tokenAccuracy()));
    rows.add(fed("log-mel, L1, nats", TeacherForced::logMel));
    rows.add(fed("frames, L1 + L2", TeacherForced::frames));
    rows.add(fed("differences over frequency, L1 + L2", TeacherForced::overFrequency));
    rows.add(fed("differences over time, L1 + L2", TeacherForced::overTime));
    rows.add(new Row("stop at the last step, %", AblationReport::stop));
    rows.add(
        rate(
            "answered freely: transcript, word error rate, %",
            item -> WordErrors.between(item.question(), item.transcript())));
    rows.add(share("answer right, %", Figures::answer));
    rows.add(share("stopped by itself, %", Figures::stopped));
    rows.add(
        new Row(
            "speech to reference, log-mel after time warping, nats",
            result ->
                estimate(
                    Estimate.of(
                        result.answers().items().stream()
                            .mapToDouble(EvaluatedItem::logMelDistance)
                            .toArray()))));
    if (results.stream().allMatch(result -> result.answers().options().judge())) {
      rows.add(
          rate(
              "speech against the right answer, word error rate, %",
              item -> WordErrors.between(item.answer(), item.heard().getFirst().answer())));
      rows.add(
          rate(
              "reference speech, the same: the recogniser's own errors, %",
              item -> WordErrors.between(item.answer(), item.heard().getFirst().reference())));
      rows.add(
          new Row(
              "spoken answer right, %", result -> share(spoken(result.answers().all()).answer())));
    }
    return rows;
  }

  private static SpokenFigures spoken(Figures figures) {
    return figures.spoken().getFirst();
  }

  private static Row fed(String name, ToDoubleFunction<TeacherForced> of) {
    return new Row(
        name,
        result -> estimate(Estimate.of(result.teacherForced().stream().mapToDouble(of).toArray())));
  }

  private static Row rate(String name, Function<EvaluatedItem, WordErrors> errors) {
    return new Row(
        name,
        result -> {
          Estimate rate = Estimate.ofRate(result.answers().items().stream().map(errors).toList());
          return cell("%.1f", 100 * rate.mean(), 100 * rate.low(), 100 * rate.high());
        });
  }

  private static Row share(String name, Function<Figures, Share> of) {
    return new Row(name, result -> share(of.apply(result.answers().all())));
  }

  private static String stop(VariantResult result) {
    int right = (int) result.teacherForced().stream().filter(TeacherForced::stop).count();
    return share(new Share(right, result.teacherForced().size()));
  }

  private static String share(Share share) {
    return cell("%.1f", 100 * share.value(), 100 * share.low(), 100 * share.high());
  }

  private static String estimate(Estimate estimate) {
    return cell("%.3f", estimate.mean(), estimate.low(), estimate.high());
  }

  private static String cell(String number, double value, double low, double high) {
    return String.format(
        Locale.ROOT, number + " (" + number + " to " + number + ")", value, low, high);
  }

  private static String steps(VariantResult.Cost cost) {
    return String.valueOf(cost.steps());
  }

  private static String seconds(VariantResult.Cost cost) {
    return String.format(Locale.ROOT, "%.0f", cost.seconds());
  }
}
