package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.cpu.MachineLimits;
import dev.spectron.spokenlm.bench.ResidentMemory;
import dev.spectron.spokenlm.bench.Stage;
import dev.spectron.spokenlm.bench.StageBenchmark;
import dev.spectron.spokenlm.bench.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron bench}: how fast a model is on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure each stage of an answer, beside what this machine can do at best in the same run:"
          + " how fast it reads memory and multiplies.",
      "",
      "Medians of some rounds after one to warm up. Compare shares and ratios: times are those of"
          + " this machine and this minute.",
      ""
    },
    footer = {
      "  spectron bench",
      "  spectron bench --random-weights spectron-350m --format int4",
      "  spectron bench --model my-model-int8 --speech 10 --rounds 5 --json",
      "  spectron bench --random-weights spectron-350m --prompt 600 --long-audio 600,32,128,0"
    })
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final BenchedModel model = new BenchedModel();

  @Option(names = "--prompt", paramLabel = "S", description = "Seconds of question; default 3.")
  private double promptSeconds = 3;

  @Option(names = "--text", paramLabel = "N", description = "Tokens of text; default 30.")
  private int textTokens = 30;

  @Option(names = "--speech", paramLabel = "S", description = "Seconds of answer; default 3.")
  private double speechSeconds = 3;

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds to measure; default 3.")
  private int rounds = 3;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    model.check();
    Workload workload = workload();
    int threads = Runtime.getRuntime().availableProcessors();
    MachineLimits limits = MachineLimits.measure(threads);
    Measured measured = measure(workload);
    MachineLimits after = MachineLimits.measure(threads);
    MachineLimits best =
        new MachineLimits(
            Math.max(limits.readGigabytes(), after.readGigabytes()),
            Math.max(limits.gigaflops(), after.gigaflops()));
    print(workload, measured, best, threads);
    return 0;
  }

  private record Measured(
      BenchedModel.Loaded model,
      List<Stage> stages,
      List<StageBenchmark.Speech> speech,
      List<ResidentMemory> memory) {}

  private Measured measure(Workload workload) {
    try (Progress progress = Progress.of("bench", console)) {
      return model.load(
          loaded -> {
            List<Stage> stages =
                loaded
                    .benchmark()
                    .run(workload, workload, round -> progress.at(round, workload.rounds() + 1L));
            List<StageBenchmark.Speech> speech = loaded.benchmark().speech(workload);
            return new Measured(loaded, stages, speech, ResidentMemory.ofThisProcess());
          });
    }
  }

  private Workload workload() {
    try {
      return new Workload(promptSeconds, textTokens, speechSeconds, rounds);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private void print(Workload workload, Measured measured, MachineLimits limits, int threads) {
    double total = measured.stages.stream().mapToDouble(Stage::median).sum();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("model", measured.model.name());
      report.put("backend", measured.model.backend());
      report.put("weight_bytes", measured.model.benchmark().weightBytes());
      report.put("workload", workload);
      report.put("machine", machine(limits, threads));
      List<Map<String, Object>> stages = new ArrayList<>();
      measured.stages.forEach(stage -> stages.add(object(stage, limits)));
      report.put("stages", stages);
      report.put("seconds", total);
      report.put("real_time_factor", total / workload.speechSeconds());
      measured.speech.forEach(
          speech -> {
            report.put("side_by_side", speech);
            double all = sideBySide(measured, speech);
            report.put("real_time_factor_side_by_side", all / workload.speechSeconds());
          });
      measured.memory.forEach(memory -> report.put("peak_resident_bytes", memory.peak()));
      console.line(Json.document(report).stripTrailing());
      return;
    }
    line(
        "%s on %s, %,d MB of weights; this machine, %d threads: reads %.1f GB/s, multiplies %.0f GFLOP/s",
        measured.model.name(),
        measured.model.backend(),
        measured.model.benchmark().weightBytes() / 1_000_000,
        threads,
        limits.readGigabytes(),
        limits.gigaflops());
    line(
        "%-8s %6s %10s %21s %9s %8s %7s",
        "stage", "steps", "ms", "least to most", "ms/step", "GB/s", "share");
    for (Stage stage : measured.stages) {
      boolean read = stage.count() > 1;
      double rate = (read ? stage.gigabytes() : stage.gigaflops()) / stage.median();
      double limit = read ? limits.readGigabytes() : limits.gigaflops();
      line(
          "%-8s %6d %10.1f %10.1f %10.1f %9.2f %s",
          stage.name(),
          stage.count(),
          1e3 * stage.median(),
          1e3 * stage.least(),
          1e3 * stage.most(),
          1e3 * stage.median() / stage.count(),
          rate == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "%8.1f %6.0f %%%s",
                  rate,
                  100 * rate / limit,
                  read ? "" : " (GFLOP/s of its matrices)"));
    }
    line(
        "all %.2f s for %.1f s of speech: real-time factor %.2f",
        total, workload.speechSeconds(), total / workload.speechSeconds());
    measured.speech.forEach(
        speech -> {
          double all = sideBySide(measured, speech);
          line(
              "frames and vocoder side by side %.2f s, first sound %.0f ms after the text: real-time factor %.2f",
              median(speech.seconds()),
              1e3 * median(speech.firstSound()),
              all / workload.speechSeconds());
        });
    measured.memory.forEach(
        memory -> line("resident memory at most %,d MB", memory.peak() / 1_000_000));
  }

  /** Seconds of the whole answer with frames and vocoder side by side. */
  private static double sideBySide(Measured measured, StageBenchmark.Speech speech) {
    double before =
        measured.stages.stream()
            .filter(stage -> !List.of("frames", "vocoder").contains(stage.name()))
            .mapToDouble(Stage::median)
            .sum();
    return before + median(speech.seconds());
  }

  private static double median(double[] seconds) {
    return new Stage("", 1, 0, 0, seconds).median();
  }

  private static Map<String, Object> object(Stage stage, MachineLimits limits) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", stage.name());
    fields.put("steps", stage.count());
    fields.put("median_seconds", stage.median());
    fields.put("seconds", stage.seconds());
    fields.put("read_share", stage.gigabytes() / stage.median() / limits.readGigabytes());
    fields.put("multiply_share", stage.gigaflops() / stage.median() / limits.gigaflops());
    return fields;
  }

  private static Map<String, Object> machine(MachineLimits limits, int threads) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    fields.put("java", Runtime.version().toString());
    fields.put("threads", threads);
    fields.put("read_gigabytes_per_second", limits.readGigabytes());
    fields.put("gigaflops", limits.gigaflops());
    return fields;
  }

  private void line(String format, Object... values) {
    console.line(String.format(Locale.ROOT, format, values));
  }
}
