package dev.spectron.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * What a process held while it answered.
 *
 * @param model its name
 * @param backend what computed
 * @param outcomes how many answers ended how
 * @param samples at equal steps of answers, from the first on
 * @param before at rest, after the warm-up
 * @param after at rest, at the end
 * @param sessions open at the end, as the server counts them
 * @param waiting questions in the line at the end, likewise
 */
record SoakReport(
    String model,
    String backend,
    Map<String, Integer> outcomes,
    List<Holdings> samples,
    Holdings before,
    Holdings after,
    int sessions,
    int waiting) {
  private static final double MB = 1e6;

  /** Threads and files that come and go by themselves, in pools and with garbage. */
  private static final int SLACK = 4;

  private static final double HEAP_SLACK = 16 * MB;

  /**
   * The straight line through resident memory after the warm-up.
   *
   * @param megabytesAnHour its slope
   * @param drift megabytes from its start to its end
   * @param noise standard deviation of the samples around it, megabytes
   */
  record Trend(double megabytesAnHour, double drift, double noise) {}

  Trend trend() {
    SimpleRegression line = new SimpleRegression();
    List<Holdings> warm =
        samples.stream().filter(sample -> sample.seconds() >= before.seconds()).toList();
    warm.forEach(sample -> line.addData(sample.seconds(), sample.resident() / MB));
    double span = warm.isEmpty() ? 0 : warm.getLast().seconds() - warm.getFirst().seconds();
    return new Trend(
        3600 * line.getSlope(), span * line.getSlope(), Math.sqrt(line.getMeanSquareError()));
  }

  /**
   * What is wrong; empty if nothing is.
   *
   * @param mostDrift megabytes that resident memory may have grown
   */
  List<String> leaks(double mostDrift) {
    List<String> leaks = new ArrayList<>();
    check(leaks, "sessions at the end", 0, sessions);
    check(leaks, "questions in the line at the end", 0, waiting);
    check(leaks, "threads", before.threads() + SLACK, after.threads());
    check(leaks, "open files", (double) before.files() + SLACK, (double) after.files());
    check(
        leaks, "bytes of live objects", (double) before.heap() + HEAP_SLACK, (double) after.heap());
    check(leaks, "megabytes of drift", mostDrift, trend().drift);
    outcomes.forEach(
        (outcome, count) -> {
          if (!List.of("completed", "incomplete", "cancelled").contains(outcome)) {
            leaks.add("answers: expected to be answered or cancelled, found " + outcome);
          }
        });
    return leaks;
  }

  private static void check(List<String> leaks, String what, double most, double found) {
    if (!(found <= most)) { // not a number fails too
      leaks.add(
          String.format(Locale.ROOT, "%s: expected at most %.0f, found %.0f", what, most, found));
    }
  }

  /** For people. */
  String text() {
    Trend trend = trend();
    return String.format(
        Locale.ROOT,
        "%s on %s: %d answers in %.0f s, %s%n"
            + "resident memory after the warm-up: %.1f MB an hour, %.1f MB in all, noise %.1f MB%n"
            + "at rest, after the warm-up and at the end: resident %.0f and %.0f MB, live objects"
            + " %.1f and %.1f MB, threads %d and %d, open files %d and %d%n"
            + "at the end: %d sessions, %d questions in the line",
        model,
        backend,
        after.answers(),
        after.seconds(),
        outcomes,
        trend.megabytesAnHour,
        trend.drift,
        trend.noise,
        before.resident() / MB,
        after.resident() / MB,
        before.heap() / MB,
        after.heap() / MB,
        before.threads(),
        after.threads(),
        before.files(),
        after.files(),
        sessions,
        waiting);
  }

  /** For programs. */
  Map<String, Object> fields() {
    Trend trend = trend();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", model);
    fields.put("backend", backend);
    fields.put("max_heap_bytes", Runtime.getRuntime().maxMemory());
    fields.put("outcomes", outcomes);
    fields.put("slope_mb_per_hour", trend.megabytesAnHour);
    fields.put("drift_mb", trend.drift);
    fields.put("noise_mb", trend.noise);
    fields.put("before", before.fields());
    fields.put("after", after.fields());
    fields.put("sessions", sessions);
    fields.put("waiting", waiting);
    fields.put("samples", samples.stream().map(Holdings::fields).toList());
    return fields;
  }
}
