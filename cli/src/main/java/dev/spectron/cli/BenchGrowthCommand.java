package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.spokenlm.bench.ResidentMemory;
import dev.spectron.spokenlm.bench.Stage;
import dev.spectron.spokenlm.bench.StageBenchmark;
import dev.spectron.spokenlm.bench.Workload;
import dev.spectron.training.plot.GrowthCurve;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron bench-growth}: what longer questions and longer answers cost. */
@Command(
    name = "bench-growth",
    description = {
      "Measure how time and memory grow with seconds of question and with seconds of answer.",
      "",
      "Each point is a process of its own, as the system counts memory by process: resident memory"
          + " at most, with the heap, the weights outside of it and mapped files. It is known on"
          + " Linux alone. The heap takes what Java may give it before it is tidied up:"
          + " SPECTRON_JAVA_OPTS=-Xmx1g shows with how little a model gets by. Times are of one"
          + " round after some short ones to warm up.",
      ""
    },
    footer = {
      "  spectron bench-growth --plot growth.png",
      "  spectron bench-growth --random-weights spectron-350m --format int4 --json",
      "  spectron bench-growth --questions 3,60,300 --answers 3 --long-audio 600,32,128,0"
    })
final class BenchGrowthCommand implements Callable<Integer> {
  private static final Workload WARM_UP = new Workload(0.5, 2, 0.5, 1);

  private static final long WARM_UP_NANOSECONDS = 5_000_000_000L;

  private final Console console;

  @Mixin private final BenchedModel model = new BenchedModel();

  @Option(
      names = "--questions",
      paramLabel = "S",
      split = ",",
      description = "Seconds of question, with commas between; default 3,10,30,60.")
  private List<Double> questions = List.of(3.0, 10.0, 30.0, 60.0);

  @Option(
      names = "--answers",
      paramLabel = "S",
      split = ",",
      description = "Seconds of answer, with commas between; default 3,10,30,60.")
  private List<Double> answers = List.of(3.0, 10.0, 30.0, 60.0);

  @Option(
      names = "--held",
      paramLabel = "S",
      description = "Seconds of the one while the other grows; default 3.")
  private double held = 3;

  @Option(names = "--text", paramLabel = "N", description = "Tokens of text; default 30.")
  private int textTokens = 30;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw time and memory as PNG.")
  private Path plot;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--point",
      hidden = true,
      description = "Measure the first question and the first answer in this process.")
  private boolean point;

  BenchGrowthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    model.check();
    List<Workload> ofQuestions = questions.stream().map(s -> workload(s, held)).toList();
    List<Workload> ofAnswers = answers.stream().map(s -> workload(held, s)).toList();
    if (point) {
      console.line(measure(workload(questions.getFirst(), answers.getFirst())));
      return 0;
    }
    Map<Workload, GrowthPoint> points = run(ofQuestions, ofAnswers);
    print(
        ofQuestions.stream().map(points::get).toList(),
        ofAnswers.stream().map(points::get).toList());
    return 0;
  }

  private Workload workload(double question, double answer) {
    try {
      return new Workload(question, textTokens, answer, 1);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** In this process; one line of JSON. */
  private String measure(Workload workload) {
    return model.load(
        loaded -> {
          List<ResidentMemory> before = ResidentMemory.ofThisProcess();
          warmUp(loaded.benchmark());
          List<Stage> stages = loaded.benchmark().run(WARM_UP, workload, _ -> {});
          List<ResidentMemory> after = ResidentMemory.ofThisProcess();
          return Json.document(GrowthPoint.report(loaded, stages, before, after)).stripTrailing();
        });
  }

  /** Until the just-in-time compiler has seen enough, some seconds at least. */
  private static void warmUp(StageBenchmark benchmark) {
    long start = System.nanoTime();
    do {
      benchmark.run(WARM_UP, WARM_UP, _ -> {});
    } while (System.nanoTime() - start < WARM_UP_NANOSECONDS);
  }

  private Map<Workload, GrowthPoint> run(List<Workload> ofQuestions, List<Workload> ofAnswers) {
    Map<Workload, GrowthPoint> points = new LinkedHashMap<>();
    List<Workload> all = new ArrayList<>(ofQuestions);
    ofAnswers.stream().filter(workload -> !all.contains(workload)).forEach(all::add);
    try (Progress progress = Progress.of("bench-growth", console)) {
      for (Workload workload : all) {
        progress.at(points.size(), all.size());
        points.computeIfAbsent(workload, this::inOwnProcess);
      }
    }
    return points;
  }

  private GrowthPoint inOwnProcess(Workload workload) {
    List<String> arguments = new ArrayList<>(List.of("bench-growth", "--point"));
    arguments.addAll(model.arguments());
    arguments.addAll(List.of("--questions", String.valueOf(workload.promptSeconds())));
    arguments.addAll(List.of("--answers", String.valueOf(workload.speechSeconds())));
    arguments.addAll(List.of("--text", String.valueOf(textTokens)));
    return GrowthPoint.of(workload, OwnProcess.run(arguments));
  }

  private void print(List<GrowthPoint> ofQuestions, List<GrowthPoint> ofAnswers) {
    if (plot != null) {
      GrowthCurve.write(
          plot,
          "%s, heap of at most %,d MB".formatted(name(ofQuestions, ofAnswers), maxHeap()),
          List.of(
              new GrowthCurve.Line(
                  "question, answer of %s s".formatted(held), drawn(ofQuestions, true)),
              new GrowthCurve.Line(
                  "answer, question of %s s".formatted(held), drawn(ofAnswers, false))));
    }
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("model", name(ofQuestions, ofAnswers));
      report.put("threads", Runtime.getRuntime().availableProcessors());
      report.put("max_heap_bytes", Runtime.getRuntime().maxMemory());
      report.put("text_tokens", textTokens);
      report.put("questions", ofQuestions.stream().map(GrowthPoint::fields).toList());
      report.put("answers", ofAnswers.stream().map(GrowthPoint::fields).toList());
      console.line(Json.document(report).stripTrailing());
      return;
    }
    console.line(
        String.format(
            Locale.ROOT,
            "%s, %d threads, heap of at most %,d MB",
            name(ofQuestions, ofAnswers),
            Runtime.getRuntime().availableProcessors(),
            maxHeap()));
    console.line(GrowthPoint.HEADER);
    ofQuestions.forEach(p -> console.line(p.line()));
    ofAnswers.stream().filter(p -> !ofQuestions.contains(p)).forEach(p -> console.line(p.line()));
  }

  private static long maxHeap() {
    return Runtime.getRuntime().maxMemory() / 1_000_000;
  }

  private static String name(List<GrowthPoint> ofQuestions, List<GrowthPoint> ofAnswers) {
    List<GrowthPoint> all = new ArrayList<>(ofQuestions);
    all.addAll(ofAnswers);
    return all.stream()
        .map(GrowthPoint::model)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("no point was measured");
  }

  private static List<GrowthCurve.Point> drawn(List<GrowthPoint> points, boolean byQuestion) {
    return points.stream()
        .filter(p -> p.failure().isEmpty())
        .map(
            p ->
                new GrowthCurve.Point(
                    byQuestion ? p.workload().promptSeconds() : p.workload().speechSeconds(),
                    p.seconds(),
                    p.peak() / 1e9))
        .toList();
  }
}
