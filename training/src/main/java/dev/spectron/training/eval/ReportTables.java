package dev.spectron.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A report as two tables for people: all figures of the whole and its groups, one a column, and the
 * most important figures of each category, one a row.
 */
record ReportTables(EvaluationReport report) {
  private static final String NOT_MEASURED = "-";

  String text() {
    return TextTable.aligned(figures())
        + "\n"
        + TextTable.aligned(categories())
        + "\n"
        + note()
        + "\n";
  }

  String markdown() {
    return TextTable.piped(figures()) + "\n" + TextTable.piped(categories()) + "\n" + note() + "\n";
  }

  static String note() {
    return "Shares in percent with 95 % Wilson intervals; distributions as median (5th to 95th"
        + " percentile).";
  }

  List<List<String>> figures() {
    List<EvaluationReport.Group> columns = new ArrayList<>();
    columns.add(new EvaluationReport.Group("all", report.all()));
    columns.addAll(report.groups());
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("", columns, EvaluationReport.Group::name));
    rows.add(row("questions", columns, group -> Integer.toString(group.figures().items())));
    share(rows, columns, "transcript exact", Figures::transcript);
    errors(rows, columns, "transcript, word error rate", Figures::transcriptWords);
    share(rows, columns, "answer text right", Figures::answer);
    share(rows, columns, "answer text exact", Figures::sentence);
    share(rows, columns, "baseline: most frequent answer", Figures::mostFrequent);
    if (!report.all().spoken().isEmpty()) {
      spoken(rows, columns);
    }
    share(rows, columns, "ended by the stop rule", Figures::stopped);
    distribution(rows, columns, "length over reference", Figures::lengthRatio);
    distribution(rows, columns, "log-mel distance", Figures::logMelDistance);
    distribution(rows, columns, "real-time factor", Figures::realTimeFactor);
    return rows;
  }

  private static void spoken(List<List<String>> rows, List<EvaluationReport.Group> columns) {
    share(rows, columns, "baseline: cascade", spokenShare(SpokenFigures::cascade));
    share(rows, columns, "spoken answer right", spokenShare(SpokenFigures::answer));
    share(rows, columns, "ceiling: reference speech", spokenShare(SpokenFigures::reference));
    share(rows, columns, "ceiling: reference, vocoded", spokenShare(SpokenFigures::vocoded));
    share(rows, columns, "control: another's reference", spokenShare(SpokenFigures::mismatched));
    share(rows, columns, "control: text is wrong", spokenShare(SpokenFigures::despiteText));
    errors(rows, columns, "speech against own text, WER", spokenErrors(SpokenFigures::answerWords));
    errors(rows, columns, "reference, WER", spokenErrors(SpokenFigures::referenceWords));
    errors(rows, columns, "reference vocoded, WER", spokenErrors(SpokenFigures::vocodedWords));
  }

  List<List<String>> categories() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "category",
            "questions",
            "transcript",
            "answer text",
            "spoken",
            "reference",
            "vocoded",
            "cascade",
            "most frequent"));
    for (EvaluationReport.Group group : report.categories()) {
      Figures figures = group.figures();
      rows.add(
          List.of(
              group.name(),
              Integer.toString(figures.items()),
              percent(figures.transcript()),
              interval(figures.answer()),
              percent(spokenShare(SpokenFigures::answer).apply(figures)),
              percent(spokenShare(SpokenFigures::reference).apply(figures)),
              percent(spokenShare(SpokenFigures::vocoded).apply(figures)),
              percent(spokenShare(SpokenFigures::cascade).apply(figures)),
              percent(figures.mostFrequent())));
    }
    return rows;
  }

  private static void share(
      List<List<String>> rows,
      List<EvaluationReport.Group> columns,
      String name,
      Function<Figures, Share> share) {
    rows.add(row(name, columns, group -> interval(share.apply(group.figures()))));
  }

  private static void errors(
      List<List<String>> rows,
      List<EvaluationReport.Group> columns,
      String name,
      Function<Figures, WordErrors> errors) {
    rows.add(row(name, columns, group -> percent(errors.apply(group.figures()))));
  }

  private static void distribution(
      List<List<String>> rows,
      List<EvaluationReport.Group> columns,
      String name,
      Function<Figures, Distribution> distribution) {
    rows.add(row(name, columns, group -> spread(distribution.apply(group.figures()))));
  }

  private static List<String> row(
      String name,
      List<EvaluationReport.Group> columns,
      Function<EvaluationReport.Group, String> cell) {
    List<String> row = new ArrayList<>();
    row.add(name);
    columns.forEach(group -> row.add(cell.apply(group)));
    return row;
  }

  private static Function<Figures, Share> spokenShare(Function<SpokenFigures, Share> share) {
    return figures ->
        figures.spoken().isEmpty() ? new Share(0, 0) : share.apply(figures.spoken().getFirst());
  }

  private static Function<Figures, WordErrors> spokenErrors(
      Function<SpokenFigures, WordErrors> errors) {
    return figures ->
        figures.spoken().isEmpty() ? WordErrors.NONE : errors.apply(figures.spoken().getFirst());
  }

  private static String percent(Share share) {
    return share.measured()
        ? String.format(Locale.ROOT, "%.0f", 100 * share.value())
        : NOT_MEASURED;
  }

  private static String interval(Share share) {
    return share.measured()
        ? String.format(
            Locale.ROOT,
            "%.1f (%.0f to %.0f)",
            100 * share.value(),
            100 * share.low(),
            100 * share.high())
        : NOT_MEASURED;
  }

  private static String percent(WordErrors errors) {
    return errors.words() > 0
        ? String.format(Locale.ROOT, "%.1f", 100 * errors.rate())
        : NOT_MEASURED;
  }

  private static String spread(Distribution values) {
    return values.count() > 0
        ? String.format(
            Locale.ROOT, "%.2f (%.2f to %.2f)", values.median(), values.low(), values.high())
        : NOT_MEASURED;
  }
}
