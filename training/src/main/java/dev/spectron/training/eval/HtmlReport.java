package dev.spectron.training.eval;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * An evaluation as one self-contained page: tables, bars with their intervals, and questions and
 * answers to listen to.
 *
 * @param report what was found
 * @param examples sounds that were kept
 */
public record HtmlReport(EvaluationReport report, HeardExamples examples) {
  private static final int EXAMPLES = 24;
  private static final int BAR_WIDTH = 360;
  private static final int BAR_HEIGHT = 18;
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto;
        padding: 0 1rem; color: #1e1b26; background: #fdfdfb; }
      table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
      th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #dddbe2; }
      th:first-child, td:first-child { text-align: left; }
      td.words { text-align: left; max-width: 18rem; }
      audio { width: 13rem; height: 2rem; vertical-align: middle; }
      .wrong { color: #a3242e; }
      svg text { font: 12px system-ui, sans-serif; fill: #1e1b26; }
      """;

  /** The page, UTF-8. */
  public String html() {
    ReportTables tables = new ReportTables(report);
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<title>Evaluation</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>Evaluation</h1>\n<p>")
        .append(report.all().items())
        .append(" development questions, seed ")
        .append(report.options().seed())
        .append(", back end ")
        .append(escaped(report.backend()))
        .append(". ")
        .append(escaped(ReportTables.note()))
        .append("</p>\n");
    table(page, tables.figures());
    page.append("<h2>Answers by category</h2>\n");
    bars(page);
    table(page, tables.categories());
    examples(page);
    return page.append("</body></html>\n").toString();
  }

  private static void table(StringBuilder page, List<List<String>> rows) {
    page.append("<table>\n");
    for (int row = 0; row < rows.size(); row++) {
      String cell = row == 0 ? "th" : "td";
      page.append("<tr>");
      for (String text : rows.get(row)) {
        page.append('<').append(cell).append('>').append(escaped(text));
        page.append("</").append(cell).append('>');
      }
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  /** One bar a category, the interval as a line over it. */
  private void bars(StringBuilder page) {
    List<EvaluationReport.Group> groups = report.categories();
    page.append(
        "<svg role=\"img\" aria-label=\"answers right by category\" width=\"%d\" height=\"%d\">\n"
            .formatted(BAR_WIDTH + 260, groups.size() * BAR_HEIGHT));
    for (int i = 0; i < groups.size(); i++) {
      EvaluationReport.Group group = groups.get(i);
      Share share = group.figures().answer();
      int y = i * BAR_HEIGHT;
      page.append(
          String.format(
              Locale.ROOT,
              """
              <text x="170" y="%d" text-anchor="end">%s</text>\
              <rect x="180" y="%d" width="%.1f" height="%d" fill="#5b6fb5"/>\
              <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#1e1b26"/>\
              <text x="%d" y="%d">%.0f %%</text>
              """,
              y + 13,
              escaped(group.name()),
              y + 3,
              BAR_WIDTH * share.value(),
              BAR_HEIGHT - 6,
              180 + BAR_WIDTH * share.low(),
              180 + BAR_WIDTH * share.high(),
              y + BAR_HEIGHT / 2,
              y + BAR_HEIGHT / 2,
              BAR_WIDTH + 190,
              y + 13,
              100 * share.value()));
    }
    page.append("</svg>\n");
  }

  private void examples(StringBuilder page) {
    List<HeardExamples.Example> some = examples.some(report.items(), EXAMPLES);
    if (some.isEmpty()) {
      return;
    }
    page.append("<h2>To listen to</h2>\n<table>\n<tr><th>question</th><th></th>")
        .append("<th>understood</th><th>answered</th><th></th><th>heard</th></tr>\n");
    for (HeardExamples.Example example : some) {
      EvaluatedItem item = example.item();
      HeardExamples.Sounds sounds = example.sounds();
      page.append(HeardExamples.isRight(item) ? "<tr>" : "<tr class=\"wrong\">");
      words(page, item.question() + " (" + item.voice() + ")");
      player(page, sounds.question(), sounds.questionRate());
      words(page, item.transcript());
      words(page, item.text());
      player(page, sounds.answer(), sounds.answerRate());
      words(page, item.heard().isEmpty() ? "" : item.heard().getFirst().answer());
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void words(StringBuilder page, String text) {
    page.append("<td class=\"words\">").append(escaped(text)).append("</td>");
  }

  private static void player(StringBuilder page, short[] samples, int rate) {
    float[] values = new float[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = samples[i] / 32_768f;
    }
    ByteArrayOutputStream wav = new ByteArrayOutputStream();
    WavFile.write("report", wav, new Waveform(values, rate));
    page.append("<td><audio controls preload=\"none\" src=\"data:audio/wav;base64,")
        .append(Base64.getEncoder().encodeToString(wav.toByteArray()))
        .append("\"></audio></td>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
