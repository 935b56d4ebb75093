package dev.spectron.cli.realtime;

import dev.spectron.audio.Resampler;
import dev.spectron.audio.SampleCoding;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.SpokenLmException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Speech;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client of the realtime protocol that asks one question after the other and notes when which
 * event came. For one thread at a time.
 */
public final class RealtimeCaller implements AutoCloseable {
  /** Of the sound it sends. */
  public static final int SAMPLE_RATE = 24_000;

  private static final int PIECE_BYTES = SAMPLE_RATE / 10 * 2;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
  private static final String CLOSED = "closed";

  private final BlockingQueue<Received> events = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  /** An event and when it came, as {@link System#nanoTime()} tells it. */
  private record Received(long nanos, Map<String, Object> fields) {
    String type() {
      return String.valueOf(fields.get("type"));
    }
  }

  private RealtimeCaller(HttpClient client, URI server) {
    URI address = URI.create(server.toString().replaceFirst("http", "ws") + "/v1/realtime");
    try {
      this.socket = client.newWebSocketBuilder().buildAsync(address, new Ear()).join();
    } catch (CompletionException e) {
      throw new SpokenLmException(
          "%s: expected a realtime server, found none (%s); check the address"
              .formatted(address, e.getCause()),
          e);
    }
  }

  /**
   * Opens a session in which the caller says when a question is over.
   *
   * @param server such as {@code http://127.0.0.1:8080}
   */
  public static RealtimeCaller connect(HttpClient client, URI server) {
    RealtimeCaller caller = new RealtimeCaller(client, server);
    caller.await("session.created");
    caller.settle();
    return caller;
  }

  /** A question as {@link #ask} takes it. */
  public static byte[] coded(Speech question) {
    Waveform waveform = new Waveform(question.samples(), question.sampleRate());
    return SampleCoding.PCM_16.encode(Resampler.resample(waveform, SAMPLE_RATE).samples());
  }

  /**
   * Asks and waits for the whole answer.
   *
   * @param question 16-bit samples at {@link #SAMPLE_RATE}
   */
  public Reply ask(byte[] question) {
    return ask(question, Integer.MAX_VALUE);
  }

  /**
   * Asks, and cancels the answer once it has so many deltas of words and sound.
   *
   * @param question 16-bit samples at {@link #SAMPLE_RATE}
   */
  public Reply ask(byte[] question, int deltas) {
    int last = Math.max(0, question.length - PIECE_BYTES);
    for (int at = 0; at < last; at += PIECE_BYTES) {
      append(Arrays.copyOfRange(question, at, Math.min(at + PIECE_BYTES, last)));
    }
    settle(); // a speaker's first words were heard before his last
    long start = System.nanoTime();
    append(Arrays.copyOfRange(question, last, question.length));
    send("input_audio_buffer.commit", Map.of());
    send("response.create", Map.of());
    double firstText = 0;
    double firstAudio = 0;
    StringBuilder text = new StringBuilder();
    for (int heard = 0; ; ) {
      Received event = next();
      double milliseconds = (event.nanos - start) / 1e6;
      switch (event.type()) {
        case "response.output_audio_transcript.delta" -> {
          firstText = firstText == 0 ? milliseconds : firstText;
          text.append(event.fields.get("delta"));
          heard++;
        }
        case "response.output_audio.delta" -> {
          firstAudio = firstAudio == 0 ? milliseconds : firstAudio;
          heard++;
        }
        case "response.done" -> {
          return new Reply(
              firstText == 0 ? milliseconds : firstText,
              firstAudio == 0 ? milliseconds : firstAudio,
              milliseconds,
              status(event),
              text.toString());
        }
        default -> {}
      }
      if (heard >= deltas) {
        send("response.cancel", Map.of());
        heard = Integer.MIN_VALUE;
      }
    }
  }

  private static String status(Received done) {
    return done.fields.get("response") instanceof Map<?, ?> response
        ? String.valueOf(response.get("status"))
        : "unknown";
  }

  /** Waits until the server has read all that was sent. */
  private void settle() {
    Map<String, Object> noTurns = new LinkedHashMap<>();
    noTurns.put("turn_detection", null);
    send(
        "session.update",
        Map.of("session", Map.of("type", "realtime", "audio", Map.of("input", noTurns))));
    await("session.updated");
  }

  private void append(byte[] sound) {
    send("input_audio_buffer.append", Map.of("audio", Base64.getEncoder().encodeToString(sound)));
  }

  private void send(String type, Map<String, Object> fields) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", type);
    event.putAll(fields);
    try {
      socket.sendText(Json.line(event), true).join();
    } catch (CompletionException e) {
      throw new SpokenLmException(
          "session: expected to send %s, found it closed (%s)".formatted(type, e.getCause()), e);
    }
  }

  private void await(String type) {
    while (!next().type().equals(type)) {
      // what is late of a cancelled answer
    }
  }

  private Received next() {
    try {
      Received event = events.poll(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
      if (event == null || event.type().equals(CLOSED) || isFailure(event)) {
        throw new SpokenLmException(
            "session: expected the next event, found "
                + (event == null ? "silence" : event.fields));
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpokenLmException("session: expected the next event, found an interrupt", e);
    }
  }

  /** A cancellation that came when the answer was just over is none. */
  private static boolean isFailure(Received event) {
    return event.type().equals("error")
        && !(event.fields.get("error") instanceof Map<?, ?> error
            && "response_cancel_not_active".equals(error.get("code")));
  }

  /** Leaves without a word, as a client does whose machine goes away. */
  @Override
  public void close() {
    socket.abort();
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        events.add(new Received(System.nanoTime(), Json.parse("event", part.toString())));
        part.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      events.add(new Received(System.nanoTime(), Map.of("type", CLOSED, "code", code)));
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
      events.add(
          new Received(System.nanoTime(), Map.of("type", CLOSED, "cause", cause.toString())));
    }
  }
}
