package dev.spectron.cli;

import dev.spectron.cli.realtime.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * How long callers waited.
 *
 * @param model its name
 * @param backend what computed
 * @param measured for each number of callers
 */
record Latencies(String model, String backend, List<Of> measured) {
  private static final List<Integer> PERCENTILES = List.of(50, 95, 99);

  /**
   * Of so many callers at once.
   *
   * @param sessions callers
   * @param seconds that all of it took
   * @param replies in no order
   */
  record Of(int sessions, double seconds, List<Reply> replies) {
    long completed() {
      return replies.stream().filter(reply -> reply.status().equals("completed")).count();
    }

    private double percentile(ToDoubleFunction<Reply> time, int percent) {
      return new DescriptiveStatistics(replies.stream().mapToDouble(time).toArray())
          .getPercentile(percent);
    }

    private String cell(ToDoubleFunction<Reply> time) {
      return "%.0f / %.0f / %.0f"
          .formatted(percentile(time, 50), percentile(time, 95), percentile(time, 99));
    }

    private Map<String, Object> percentiles(ToDoubleFunction<Reply> time) {
      Map<String, Object> fields = new LinkedHashMap<>();
      PERCENTILES.forEach(percent -> fields.put("p" + percent, percentile(time, percent)));
      return fields;
    }

    private Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("sessions", sessions);
      fields.put("questions", replies.size());
      fields.put("completed", completed());
      fields.put("seconds", seconds);
      fields.put("first_text_ms", percentiles(Reply::firstText));
      fields.put("first_audio_ms", percentiles(Reply::firstAudio));
      fields.put("done_ms", percentiles(Reply::done));
      fields.put("replies", replies);
      return fields;
    }
  }

  /** For people. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("%s on %s, %d processors".formatted(model, backend, processors()));
    text.append(
        """
        ; milliseconds from the end of the question, 50th / 95th / 99th percentile

        | sessions | questions | first text | first audio | done | questions a second |
        |---|---|---|---|---|---|
        """);
    for (Of of : measured) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %d | %d | %s | %s | %s | %.2f |%n",
              of.sessions,
              of.replies.size(),
              of.cell(Reply::firstText),
              of.cell(Reply::firstAudio),
              of.cell(Reply::done),
              of.replies.size() / of.seconds));
    }
    return text.toString();
  }

  /** For programs. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", model);
    fields.put("backend", backend);
    fields.put("processors", processors());
    fields.put("measured", measured.stream().map(Of::fields).toList());
    return fields;
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }
}
