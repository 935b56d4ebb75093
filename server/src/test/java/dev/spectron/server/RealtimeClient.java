package dev.spectron.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.SampleCoding;
import dev.spectron.core.bundle.Json;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the realtime protocol that keeps all it is told. */
final class RealtimeClient implements WebSocket.Listener, AutoCloseable {
  private final BlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private volatile boolean reading = true;

  RealtimeClient(ToyServer server) {
    URI http = server.uri("/v1/realtime?model=any");
    this.socket =
        server
            .client()
            .newWebSocketBuilder()
            .buildAsync(URI.create(http.toString().replaceFirst("http", "ws")), this)
            .join();
  }

  /** One that was greeted, and ends turns itself. */
  static RealtimeClient manual(ToyServer server) throws InterruptedException {
    RealtimeClient client = new RealtimeClient(server);
    client.next("session.created");
    client.update(Map.of("audio", Map.of("input", object("turn_detection", null))));
    client.next("session.updated");
    return client;
  }

  static Map<String, Object> object(String key, Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(key, value);
    return object;
  }

  void update(Map<String, Object> session) {
    Map<String, Object> typed = new LinkedHashMap<>(session);
    typed.put("type", "realtime");
    send("session.update", Map.of("session", typed));
  }

  void send(String type, Map<String, Object> fields) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", type);
    event.putAll(fields);
    send(Json.line(event));
  }

  void send(String text) {
    socket.sendText(text, true).join();
  }

  WebSocket socket() {
    return socket;
  }

  void append(byte[] sound) {
    send("input_audio_buffer.append", Map.of("audio", Base64.getEncoder().encodeToString(sound)));
  }

  /** Asks with a fifth of a second of a tone. */
  void ask() {
    append(SampleCoding.PCM_16.encode(ToyServer.tone(0.2, 24_000)));
    send("input_audio_buffer.commit", Map.of());
    send("response.create", Map.of());
  }

  /** The next event, which must be of this type. */
  Map<String, Object> next(String type) throws InterruptedException {
    Map<String, Object> event = poll();
    assertThat(event.get("type")).as(event.toString()).isEqualTo(type);
    return event;
  }

  /** The error that comes next. */
  Map<String, Object> error(String code) throws InterruptedException {
    Map<String, Object> error = map(next("error"), "error");
    assertThat(error).as(error.toString()).containsEntry("code", code);
    assertThat(error).containsKeys("type", "message", "param", "event_id");
    return error;
  }

  /** The events up to one of this type, which is the last. */
  List<Map<String, Object>> until(String type) throws InterruptedException {
    List<Map<String, Object>> seen = new ArrayList<>();
    do {
      seen.add(poll());
    } while (!seen.getLast().get("type").equals(type));
    return seen;
  }

  private Map<String, Object> poll() throws InterruptedException {
    Map<String, Object> event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event)
        .as("an event within a minute; closed with %d, 0 for not at all", closed.getNow(0))
        .isNotNull();
    assertThat(event.get("event_id")).asString().startsWith("event_");
    return event;
  }

  /** The code with which the server closed. */
  int closedWith() throws Exception {
    return closed.get(60, TimeUnit.SECONDS);
  }

  static Map<String, Object> map(Map<String, Object> event, String key) {
    return Json.parse(key, Json.line(event.get(key)));
  }

  static List<String> types(List<Map<String, Object>> events) {
    return events.stream().map(event -> event.get("type").toString()).toList();
  }

  /** A field of all events of a type, one after the other. */
  static String joined(List<Map<String, Object>> events, String type, String key) {
    StringBuilder all = new StringBuilder();
    events.stream()
        .filter(event -> event.get("type").equals(type))
        .forEach(event -> all.append(event.get(key)));
    return all.toString();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      events.add(Json.parse("event", part.toString()));
      part.setLength(0);
    }
    if (reading) {
      from.request(1);
    }
    return CompletableFuture.completedStage(null);
  }

  /** From here on what comes in stays where it is. */
  void stopReading() {
    reading = false;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    closed.complete(-1);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
