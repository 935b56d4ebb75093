package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.spokenlm.bench.ResidentMemory;
import dev.spectron.spokenlm.bench.Stage;
import dev.spectron.spokenlm.bench.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one question and its answer cost.
 *
 * @param workload the lengths
 * @param model and where it ran; empty where it failed
 * @param stages seconds by stage, in order
 * @param loaded resident bytes once the model was loaded, 0 where that is not known
 * @param peak resident bytes at most, likewise
 * @param failure why there are no figures, or empty
 */
record GrowthPoint(
    Workload workload,
    String model,
    Map<String, Double> stages,
    long loaded,
    long peak,
    String failure) {
  static final String HEADER =
      "%8s %8s %9s %9s %9s %9s %9s %9s %9s %9s"
          .formatted(
              "question",
              "answer",
              "encode s",
              "prefill s",
              "text s",
              "frames s",
              "vocoder s",
              "all s",
              "loaded MB",
              "peak MB");

  /** What a process reports, as JSON. */
  static Map<String, Object> report(
      BenchedModel.Loaded loaded,
      List<Stage> stages,
      List<ResidentMemory> before,
      List<ResidentMemory> after) {
    Map<String, Object> seconds = new LinkedHashMap<>();
    stages.forEach(stage -> seconds.put(stage.name(), stage.median()));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("model", loaded.name() + " on " + loaded.backend());
    report.put("stages", seconds);
    report.put("loaded", before.stream().mapToLong(ResidentMemory::now).sum());
    report.put("peak", after.stream().mapToLong(ResidentMemory::peak).sum());
    return report;
  }

  /** Reads {@link #report} of another process. */
  static GrowthPoint of(Workload workload, OwnProcess.Outcome outcome) {
    if (!outcome.failure().isEmpty()) {
      return new GrowthPoint(workload, "", Map.of(), 0, 0, outcome.failure());
    }
    Map<String, Object> report = Json.parse("bench-growth: report of a process", outcome.out());
    Map<String, Double> stages = new LinkedHashMap<>();
    ((Map<?, ?>) report.get("stages"))
        .forEach((name, seconds) -> stages.put((String) name, ((Number) seconds).doubleValue()));
    return new GrowthPoint(
        workload,
        (String) report.get("model"),
        stages,
        ((Number) report.get("loaded")).longValue(),
        ((Number) report.get("peak")).longValue(),
        "");
  }

  /** Seconds of all stages. */
  double seconds() {
    return stages.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** For people. */
  String line() {
    String lengths =
        String.format(
            Locale.ROOT, "%8.1f %8.1f", workload.promptSeconds(), workload.speechSeconds());
    if (!failure.isEmpty()) {
      return lengths + " failed: " + failure;
    }
    StringBuilder line = new StringBuilder(lengths);
    stages.values().forEach(s -> line.append(String.format(Locale.ROOT, " %9.2f", s)));
    line.append(String.format(Locale.ROOT, " %9.2f", seconds()));
    return line.append(megabytes(loaded)).append(megabytes(peak)).toString();
  }

  private static String megabytes(long bytes) {
    return bytes == 0 ? "   unknown" : String.format(Locale.ROOT, " %,9d", bytes / 1_000_000);
  }

  /** For programs. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("question_seconds", workload.promptSeconds());
    fields.put("answer_seconds", workload.speechSeconds());
    if (!failure.isEmpty()) {
      fields.put("failure", failure);
      return fields;
    }
    fields.put("seconds", seconds());
    fields.put("stages", stages);
    if (peak > 0) {
      fields.put("loaded_resident_bytes", loaded);
      fields.put("peak_resident_bytes", peak);
    }
    return fields;
  }
}
