package dev.spectron.cli;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.cpu.MachineLimits;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.spokenlm.bench.Stage;
import dev.spectron.spokenlm.bench.StageBenchmark;
import dev.spectron.spokenlm.bench.Workload;
import dev.spectron.training.quantise.RandomPackedWeights;
import dev.spectron.vocoder.VocoderConfig;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
      "  spectron bench --model my-model-int8 --speech 10 --rounds 5 --json"
    })
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of a model; without it, the embedded one.")
  private Path model;

  @Option(
      names = "--random-weights",
      paramLabel = "NAME",
      description = "A size without a model, such as spectron-1b or spectron-350m.")
  private String configuration;

  @Option(
      names = "--format",
      description =
          "How random weights are packed: ${COMPLETION-CANDIDATES}; default float32 rows.")
  private QuantizeCommand.Format format;

  @Option(
      names = "--reduction-factor",
      paramLabel = "N",
      description = "Frames a decoding step writes, with random weights; default the size's own.")
  private int reductionFactor;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where to compute: auto, cpu, djl or reference; default auto.")
  private String backend = SpectronOptions.AUTO;

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
    if (model != null && configuration != null) {
      throw new UsageException("bench: expected --model or --random-weights, found both");
    }
    if (format != null && configuration == null) {
      throw new UsageException("bench: --format packs random weights; quantize packs a model");
    }
    if (reductionFactor != 0 && configuration == null) {
      throw new UsageException(
          "bench: --reduction-factor is for random weights; a model has its own");
    }
    if (reductionFactor < 0 || reductionFactor > 16) {
      throw new UsageException(
          "bench: expected --reduction-factor of 1 to 16, found " + reductionFactor);
    }
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

  private record Measured(String name, String backend, long weightBytes, List<Stage> stages) {}

  private Measured measure(Workload workload) {
    try (Arena arena = Arena.ofShared();
        Backend opened = Backends.open(backend);
        Progress progress = Progress.of("bench", console)) {
      return configuration == null
          ? files(opened, workload, progress)
          : random(opened, arena, workload, progress);
    }
  }

  private Workload workload() {
    try {
      return new Workload(promptSeconds, textTokens, speechSeconds, rounds);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private Measured random(Backend opened, Arena arena, Workload workload, Progress progress) {
    WeightSource weights =
        format == null ? new RandomWeights(0) : new RandomPackedWeights(format.policy(), 0, arena);
    SpokenLmConfig named = NamedConfigs.of(configuration);
    SpokenLmConfig config =
        reductionFactor == 0 ? named : named.withReductionFactor(reductionFactor);
    String name =
        configuration
            + (format == null ? "" : " " + format.name().toLowerCase(Locale.ROOT))
            + (reductionFactor == 0 ? "" : ", " + reductionFactor + " frames a step");
    return measure(
        name, opened, config, NamedConfigs.vocoder(configuration), weights, workload, progress);
  }

  private Measured files(Backend opened, Workload workload, Progress progress) {
    SpectronOptions.Model which =
        model == null
            ? new SpectronOptions.Model.Embedded()
            : new SpectronOptions.Model.Bundle(model);
    try (ModelBundle bundle = ModelChoice.files(which)) {
      return measure(
          bundle.name(),
          opened,
          SpokenLmBundle.config(bundle),
          bundle.config("vocoder", VocoderConfig.class),
          SpokenLmBundle.weights(bundle),
          workload,
          progress);
    }
  }

  private Measured measure(
      String name,
      Backend opened,
      SpokenLmConfig config,
      VocoderConfig vocoder,
      WeightSource weights,
      Workload workload,
      Progress progress) {
    StageBenchmark benchmark = new StageBenchmark(opened, config, vocoder, weights);
    List<Stage> stages =
        benchmark.run(workload, round -> progress.at(round, workload.rounds() + 1L));
    return new Measured(name, opened.name(), benchmark.weightBytes(), stages);
  }

  private void print(Workload workload, Measured measured, MachineLimits limits, int threads) {
    double total = measured.stages.stream().mapToDouble(Stage::median).sum();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("model", measured.name);
      report.put("backend", measured.backend);
      report.put("weight_bytes", measured.weightBytes);
      report.put("workload", workload);
      report.put("machine", machine(limits, threads));
      List<Map<String, Object>> stages = new ArrayList<>();
      measured.stages.forEach(stage -> stages.add(object(stage, limits)));
      report.put("stages", stages);
      report.put("seconds", total);
      report.put("real_time_factor", total / workload.speechSeconds());
      console.line(Json.document(report).stripTrailing());
      return;
    }
    line(
        "%s on %s, %,d MB of weights; this machine, %d threads: reads %.1f GB/s, multiplies %.0f GFLOP/s",
        measured.name,
        measured.backend,
        measured.weightBytes / 1_000_000,
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
