package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.SpokenLmException;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.sdk.Speech;
import dev.spectron.server.ServerOptions;
import dev.spectron.server.SpectronServer;
import dev.spectron.training.plot.HoldingsCurve;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron bench-soak}: whether anything piles up. */
@Command(
    name = "bench-soak",
    description = {
      "Answer thousands of questions, cancel some, and see whether memory, threads, files or"
          + " sessions pile up.",
      "",
      "Half of the answers are streamed over WebSocket, half through the SDK, and three in ten are"
          + " cancelled after a random event. The first tenth is the warm-up. Fails if anything is"
          + " left at the end or resident memory has drifted too far. The heap takes what Java may"
          + " give it before it is tidied up: SPECTRON_JAVA_OPTS=-Xmx512m shows drift sooner.",
      ""
    },
    footer = {
      "  spectron bench-soak samples/questions/capital-of-france.wav",
      "  spectron bench-soak --corpus corpus --answers 2000 --minutes 30 --plot soak.png"
    })
final class BenchSoakCommand implements Callable<Integer> {
  private static final int MOST_QUESTIONS = 200;

  private final Console console;

  @Mixin private AskedQuestions asked;

  @Mixin private ModelChoice model;

  @Option(
      names = "--answers",
      paramLabel = "N",
      description = "How many, at least 20; default 2000.")
  private int answers = 2000;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Spread them over so long, if they do not take longer; default 30.")
  private double minutes = 30;

  @Option(
      names = "--most-drift",
      paramLabel = "MB",
      description = "Fail if resident memory drifts further after the warm-up; default 32.")
  private double mostDrift = 32;

  @Option(
      names = "--max-speech-frames",
      paramLabel = "N",
      description = "Cut answers off after so many frames; the model has a limit of its own.")
  private int maxSpeechFrames = Integer.MAX_VALUE;

  @Option(names = "--report", paramLabel = "FILE", description = "Write every sample as JSON.")
  private Path report;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw memory, threads and files as PNG.")
  private Path plot;

  BenchSoakCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (answers < 20 || !(minutes >= 0 && minutes <= 10_000)) {
      throw new UsageException(
          "bench-soak: expected at least 20 answers and 0 to 10000 minutes, found others");
    }
    Soak.Plan plan =
        new Soak.Plan(answers, Duration.ofMillis((long) (60_000 * minutes)), asked.seed());
    List<Speech> questions = asked.read(Math.min(answers, MOST_QUESTIONS));
    SpectronOptions opening =
        SpectronOptions.builder()
            .model(model.model())
            .backend(model.backend())
            .maxSpeechFrames(maxSpeechFrames)
            .build();
    SoakReport found;
    try (Spectron spectron = Spectron.open(opening);
        SpectronServer server =
            SpectronServer.start(spectron, ServerOptions.builder().port(0).build());
        Soak soak = new Soak(spectron, server);
        Progress progress = Progress.of("bench-soak", console)) {
      found = soak.run(plan, questions, n -> progress.at(n, answers));
    }
    print(found);
    List<String> leaks = found.leaks(mostDrift);
    if (!leaks.isEmpty()) {
      throw new SpokenLmException("bench-soak: " + String.join("; ", leaks));
    }
    return 0;
  }

  private void print(SoakReport found) {
    console.line(found.text());
    ReportFile.write(report, Json.document(found.fields()));
    if (plot != null) {
      HoldingsCurve.write(
          plot,
          "%s, heap of at most %,d MB"
              .formatted(found.model(), Runtime.getRuntime().maxMemory() / 1_000_000),
          found.samples().stream()
              .map(
                  sample ->
                      new HoldingsCurve.Point(
                          sample.seconds() / 60,
                          sample.resident() / 1e6,
                          sample.threads(),
                          sample.files()))
              .toList());
    }
  }
}
