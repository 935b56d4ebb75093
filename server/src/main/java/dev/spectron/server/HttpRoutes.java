package dev.spectron.server;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.ConversationOptions;
import dev.spectron.sdk.Speech;
import dev.spectron.server.answer.AnswerDesk;
import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Limits;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The requests over HTTP. Blocks, so it runs on virtual threads. */
final class HttpRoutes extends Handler.Abstract {
  private static final Logger LOGGER = System.getLogger(HttpRoutes.class.getName());
  private static final String HEALTH = "/health";

  private final AnswerDesk desk;
  private final Gate gate;
  private final Limits limits;
  private final PrometheusMeterRegistry meters;
  private final WebPage page = WebPage.load();
  private final Semaphore uploads;

  HttpRoutes(AnswerDesk desk, Gate gate, Limits limits, PrometheusMeterRegistry meters) {
    this.desk = desk;
    this.gate = gate;
    this.limits = limits;
    this.meters = meters;
    this.uploads = new Semaphore(limits.waiting());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    Reply reply;
    try {
      reply = reply(path, request);
    } catch (IOException e) {
      callback.failed(e); // the client has gone
      return true;
    } catch (RuntimeException e) {
      reply = Reply.error(ApiException.errorOf(e));
      if (reply.status() == 500) {
        LOGGER.log(Level.WARNING, "a request failed", e);
      }
    }
    Counter.builder("spectron.http.requests")
        .description("Requests over HTTP")
        .tag("path", reply.status() == 404 ? "other" : path)
        .tag("status", Integer.toString(reply.status()))
        .register(meters)
        .increment();
    reply.write(response, callback);
    return true;
  }

  private Reply reply(String path, Request request) throws IOException {
    Optional<Reply> file = page.at(path);
    if (file.isPresent()) {
      gate.checkPage(request.getHeaders());
      return only("GET", request, _ -> file.get());
    }
    if (!path.equals(HEALTH)) {
      gate.check(request.getHeaders());
    }
    return switch (path) {
      case HEALTH -> only("GET", request, this::health);
      case "/metrics" ->
          only("GET", request, _ -> Reply.text("text/plain; version=0.0.4", meters.scrape()));
      case "/v1/models" -> only("GET", request, this::models);
      case "/v1/answers" -> only("POST", request, this::answer);
      case "/v1/audio/transcriptions" -> only("POST", request, this::transcribe);
      case "/v1/realtime" ->
          throw new ApiException(
              "upgrade_required", 426, "path: expected a WebSocket client, found another");
      default ->
          throw new ApiException("not_found", 404, "path: expected one of this server's; see it");
    };
  }

  private Reply only(String method, Request request, Route route) throws IOException {
    if (!request.getMethod().equals(method)) {
      throw new ApiException(
          "method_not_allowed", 405, "method: expected %s, found another".formatted(method));
    }
    return route.reply(request);
  }

  private Reply health(Request request) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", "ok");
    fields.put("model", desk.model());
    fields.put("backend", desk.backend());
    return Reply.json(fields);
  }

  private Reply models(Request request) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", desk.model());
    model.put("object", "model");
    model.put("created", 0);
    model.put("owned_by", "spectron");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("object", "list");
    fields.put("data", List.of(model));
    return Reply.json(fields);
  }

  private Reply answer(Request request) throws IOException {
    Upload upload = upload(request);
    try (AnswerDesk.Place place = desk.enter()) {
      String accepted = Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT)).orElse("");
      String preferred = accepted.contains("audio/wav") ? "wav" : "json";
      String format = upload.fields().getOrDefault("response_format", preferred);
      requireOneOf("response_format", format, List.of("json", "text", "wav"));
      Answer answer = ask(place, upload.speech(limits), UnaryOperator.identity());
      return switch (format) {
        case "wav" -> new Reply(200, "audio/wav", wav(answer));
        case "text" -> Reply.text("text/plain", answer.text());
        default -> Reply.json(fields(answer));
      };
    }
  }

  private Reply transcribe(Request request) throws IOException {
    Upload upload = upload(request);
    try (AnswerDesk.Place place = desk.enter()) {
      String format = upload.fields().getOrDefault("response_format", "json");
      requireOneOf("response_format", format, List.of("json", "text"));
      requireOneOf("stream", upload.fields().getOrDefault("stream", "false"), List.of("false"));
      // The transcript comes before the speech, of which the least is made.
      Answer answer = ask(place, upload.speech(limits), options -> options.maxSpeechFrames(1));
      return format.equals("text")
          ? Reply.text("text/plain", answer.transcript() + "\n")
          : Reply.json(Map.of("text", answer.transcript()));
    }
  }

  /** Not in the line: one that is slow would keep others from being answered. */
  private Upload upload(Request request) throws IOException {
    if (!uploads.tryAcquire()) {
      throw new ApiException(
          "server_busy",
          503,
          "the server: expected at most %d uploads at once, found more; try again later"
              .formatted(limits.waiting()));
    }
    try {
      return Upload.read(request, limits);
    } finally {
      uploads.release();
    }
  }

  private Answer ask(
      AnswerDesk.Place place, Speech question, UnaryOperator<ConversationOptions.Builder> change) {
    try (Conversation conversation = desk.newConversation(change)) {
      return place.answer(conversation, question, _ -> {});
    }
  }

  private Map<String, Object> fields(Answer answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("object", "spectron.answer");
    fields.put("model", desk.model());
    fields.put("transcript", answer.transcript());
    fields.put("text", answer.text());
    fields.put("seconds", answer.speech().seconds());
    fields.put("milliseconds", answer.timings().total());
    return fields;
  }

  private static byte[] wav(Answer answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WavFile.write(
        "answer", out, new Waveform(answer.speech().samples(), answer.speech().sampleRate()));
    return out.toByteArray();
  }

  private static void requireOneOf(String field, String found, List<String> expected) {
    if (!expected.contains(found)) {
      throw new ApiException(
          "unsupported_value",
          field,
          "expected %s, found another value".formatted(String.join(" or ", expected)));
    }
  }

  private interface Route {
    Reply reply(Request request) throws IOException;
  }
}
