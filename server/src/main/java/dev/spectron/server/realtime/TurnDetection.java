package dev.spectron.server.realtime;

import dev.spectron.audio.EndPointing;
import dev.spectron.server.api.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How the server notices by itself that a question is over.
 *
 * @param threshold 0 to 1: how much more likely speech than noise a sound must be to be speech
 * @param prefixPaddingMs sound kept from before the speech
 * @param silenceDurationMs quiet that ends it
 * @param createResponse whether it is answered without being asked to
 * @param interruptResponse whether speech stops the answer under way
 */
record TurnDetection(
    double threshold,
    int prefixPaddingMs,
    int silenceDurationMs,
    boolean createResponse,
    boolean interruptResponse) {
  private static final int BEGIN_MILLISECONDS = 60;
  private static final Set<String> KEYS =
      Set.of(
          "type",
          "threshold",
          "prefix_padding_ms",
          "silence_duration_ms",
          "create_response",
          "interrupt_response",
          "eagerness",
          "idle_timeout_ms");

  /**
   * Reads an object. {@code semantic_vad}, which would follow the words, is the same detection with
   * a silence that its eagerness chooses.
   *
   * @throws dev.spectron.server.api.ApiException if a value is out of range
   */
  static TurnDetection of(Fields fields) {
    fields.only(KEYS);
    int silence =
        switch (fields.string("type")) {
          case "server_vad" -> 500;
          case "semantic_vad" ->
              switch (fields.string("eagerness", "auto")) {
                case "low" -> 1000;
                case "auto", "medium" -> 600;
                case "high" -> 300;
                default -> throw fields.wrong("eagerness", "low, medium, high or auto");
              };
          default -> throw fields.wrong("type", "server_vad or semantic_vad");
        };
    if (fields.has("idle_timeout_ms")) {
      throw fields.wrong("idle_timeout_ms", "none, as it is not supported,");
    }
    return new TurnDetection(
        fields.has("threshold") ? fields.number("threshold", 0, 1) : 0.5,
        fields.has("prefix_padding_ms") ? (int) fields.integer("prefix_padding_ms", 0, 2000) : 300,
        fields.has("silence_duration_ms")
            ? (int) fields.integer("silence_duration_ms", 100, 5000)
            : silence,
        !fields.has("create_response") || fields.bool("create_response"),
        !fields.has("interrupt_response") || fields.bool("interrupt_response"));
  }

  /** The same for the end-pointer: the usual threshold in the middle. */
  EndPointing pointing() {
    double score = EndPointing.USUAL_THRESHOLD * (0.1 + 1.8 * threshold);
    return new EndPointing(score, BEGIN_MILLISECONDS, silenceDurationMs);
  }

  Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "server_vad");
    fields.put("threshold", threshold);
    fields.put("prefix_padding_ms", prefixPaddingMs);
    fields.put("silence_duration_ms", silenceDurationMs);
    fields.put("create_response", createResponse);
    fields.put("interrupt_response", interruptResponse);
    return fields;
  }
}
