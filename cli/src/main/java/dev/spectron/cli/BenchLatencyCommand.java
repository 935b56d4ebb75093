package dev.spectron.cli;

import dev.spectron.cli.realtime.RealtimeCaller;
import dev.spectron.cli.realtime.Reply;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.SpokenLmException;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.server.ServerOptions;
import dev.spectron.server.SpectronServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron bench-latency}: how long callers wait. */
@Command(
    name = "bench-latency",
    description = {
      "Measure how long it takes from the end of a question to words, sound and the end.",
      "",
      "Starts a server of its own and calls it over WebSocket. Each caller asks as soon as it has"
          + " its answer, which is the worst case: people listen before they go on. Answers are made"
          + " one at a time, so several callers wait for each other. The callers are part of the"
          + " process that is measured.",
      ""
    },
    footer = {
      "  spectron bench-latency samples/questions/capital-of-france.wav",
      "  spectron bench-latency --corpus corpus --items 200 --sessions 1,2,4 --markdown latency.md"
    })
final class BenchLatencyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private AskedQuestions asked;

  @Mixin private ModelChoice model;

  @Option(
      names = "--items",
      paramLabel = "N",
      description = "Questions for each number of sessions; default 200.")
  private int items = 200;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      split = ",",
      description = "Callers at once, with commas between; default 1,2,4.")
  private List<Integer> sessions = List.of(1, 2, 4);

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Questions before, which do not count; default 30.")
  private int warmUp = 30;

  @Option(names = "--report", paramLabel = "FILE", description = "Write every reply as JSON.")
  private Path report;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table as Markdown.")
  private Path markdown;

  BenchLatencyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (items < 1 || warmUp < 0 || sessions.stream().anyMatch(n -> n < 1 || n > 16)) {
      throw new UsageException(
          "bench-latency: expected at least 1 item and 1 to 16 sessions, found others");
    }
    List<byte[]> questions =
        asked.read(Math.max(items, warmUp)).stream().map(RealtimeCaller::coded).toList();
    SpectronOptions opening =
        SpectronOptions.builder().model(model.model()).backend(model.backend()).build();
    try (Spectron spectron = Spectron.open(opening);
        SpectronServer server =
            SpectronServer.start(spectron, ServerOptions.builder().port(0).build());
        HttpClient client = HttpClient.newHttpClient();
        Progress progress = Progress.of("bench-latency", console)) {
      URI address = URI.create(server.address());
      run(client, address, questions.subList(0, warmUp), 1, _ -> {});
      List<Latencies.Of> measured = new ArrayList<>();
      for (int callers : sessions) {
        int before = measured.size() * items;
        long start = System.nanoTime();
        List<Reply> replies =
            run(
                client,
                address,
                questions.subList(0, items),
                callers,
                n -> progress.at(before + n, (long) sessions.size() * items));
        measured.add(new Latencies.Of(callers, (System.nanoTime() - start) / 1e9, replies));
      }
      print(new Latencies(spectron.model(), spectron.backend(), measured));
    }
    return 0;
  }

  private void print(Latencies found) {
    console.line(found.markdown().stripTrailing());
    ReportFile.write(markdown, found.markdown());
    ReportFile.write(report, Json.document(found.fields()));
  }

  private interface Count {
    void at(int questions);
  }

  /** Several callers share the questions. */
  private static List<Reply> run(
      HttpClient client, URI address, List<byte[]> questions, int callers, Count count) {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<List<Reply>>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        all.add(
            threads.submit(
                () -> {
                  List<Reply> mine = new ArrayList<>();
                  try (RealtimeCaller caller = RealtimeCaller.connect(client, address)) {
                    for (int n = next.getAndIncrement();
                        n < questions.size();
                        n = next.getAndIncrement()) {
                      mine.add(caller.ask(questions.get(n)));
                      count.at(done.incrementAndGet());
                    }
                  }
                  return mine;
                }));
      }
      for (Future<List<Reply>> caller : all) {
        replies.addAll(caller.get());
      }
      return replies;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpokenLmException("bench-latency: interrupted", e);
    } catch (ExecutionException e) {
      throw new SpokenLmException(
          "bench-latency: a caller failed: " + e.getCause().getMessage(), e);
    }
  }
}
