package dev.spectron.cli;

import dev.spectron.cli.realtime.EventCount;
import dev.spectron.cli.realtime.RealtimeCaller;
import dev.spectron.core.error.SpokenLmException;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.Speech;
import dev.spectron.server.SpectronServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One streamed answer after the other, half of them over WebSocket and half through the SDK's
 * publisher, some of them cancelled after a random event, some sessions and conversations ended and
 * begun anew.
 */
final class Soak implements AutoCloseable {
  private static final double CANCELLED = 0.3;
  private static final double RENEWED = 0.1;
  private static final int MOST_EVENTS = 12;
  private static final int SAMPLES = 400;
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private final Spectron spectron;
  private final URI server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<Holdings> samples = new ArrayList<>();
  private final long start = System.nanoTime();
  private List<RealtimeCaller> caller = List.of();
  private List<Conversation> conversation = List.of();

  Soak(Spectron spectron, SpectronServer server) {
    this.spectron = spectron;
    this.server = URI.create(server.address());
  }

  /**
   * How much.
   *
   * @param answers at least 20; the first tenth is the warm-up
   * @param least time over which they are spread, if they do not take longer
   * @param seed of the cancels
   */
  record Plan(int answers, Duration least, long seed) {}

  /** Told how far it is. */
  interface Count {
    void at(int answers);
  }

  /** Asks the questions in turn. */
  SoakReport run(Plan plan, List<Speech> questions, Count count) {
    Random random = new Random(plan.seed);
    int warmUp = plan.answers / 10;
    int step = Math.max(1, plan.answers / SAMPLES);
    Holdings before = null;
    for (int i = 0; i < plan.answers; i++) {
      sleepUntil(plan.least.toNanos() / plan.answers * i);
      if (i == warmUp) {
        rest();
        before = Holdings.afterCollection(seconds(), i);
      }
      Speech question = questions.get(i % questions.size());
      int events =
          random.nextDouble() < CANCELLED ? 1 + random.nextInt(MOST_EVENTS) : Integer.MAX_VALUE;
      if (random.nextDouble() < RENEWED) {
        leave();
      }
      String outcome = random.nextBoolean() ? call(question, events) : listen(question, events);
      outcomes.merge(outcome, 1, Integer::sum);
      if (i % step == 0) {
        samples.add(Holdings.now(seconds(), i + 1));
      }
      count.at(i + 1);
    }
    rest();
    String metrics = metrics();
    return new SoakReport(
        spectron.model(),
        spectron.backend(),
        outcomes,
        List.copyOf(samples),
        before,
        Holdings.afterCollection(seconds(), plan.answers),
        gauge(metrics, "spectron_realtime_sessions"),
        gauge(metrics, "spectron_answers_waiting"));
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private void sleepUntil(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(start + nanos - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpokenLmException("soak: interrupted", e);
    }
  }

  private String call(Speech question, int deltas) {
    if (caller.isEmpty()) {
      caller = List.of(RealtimeCaller.connect(client, server));
    }
    return caller.getFirst().ask(RealtimeCaller.coded(question), deltas).status();
  }

  private String listen(Speech question, int events) {
    if (conversation.isEmpty()) {
      conversation = List.of(spectron.newConversation());
    }
    EventCount count = new EventCount(events);
    conversation.getFirst().answerEvents(question).subscribe(count);
    return count.end().join();
  }

  private void leave() {
    caller.forEach(RealtimeCaller::close);
    caller = List.of();
    conversation.forEach(Conversation::close);
    conversation = List.of();
  }

  /** Nobody asks and nobody is connected; gives up waiting for that after a while. */
  private void rest() {
    leave();
    long until = System.nanoTime() - start + LONGEST_REST.toNanos();
    String metrics = metrics();
    while (gauge(metrics, "spectron_realtime_sessions") > 0
        || gauge(metrics, "spectron_answers_waiting") > 0) {
      if (System.nanoTime() - start > until) {
        return;
      }
      sleepUntil(System.nanoTime() - start + Duration.ofMillis(100).toNanos());
      metrics = metrics();
    }
  }

  private String metrics() {
    try {
      HttpRequest request = HttpRequest.newBuilder(server.resolve("/metrics")).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new SpokenLmException("soak: expected the server's metrics, found " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpokenLmException("soak: interrupted", e);
    }
  }

  private static int gauge(String metrics, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + " (\\d+)\\.0$").matcher(metrics);
    if (!line.find()) {
      throw new SpokenLmException("metrics: expected a line %s, found none".formatted(name));
    }
    return Integer.parseInt(line.group(1));
  }

  @Override
  public void close() {
    leave();
    client.close();
  }
}
