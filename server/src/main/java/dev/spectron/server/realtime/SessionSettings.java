package dev.spectron.server.realtime;

import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Fields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a session is answered. Immutable.
 *
 * @param input form of the sound that comes in
 * @param output form of the sound that goes out
 * @param spoken whether answers are spoken, or text alone
 * @param transcribed whether the client is told what the model heard
 * @param turnDetection how the server notices the end of a question; one element or none
 */
record SessionSettings(
    AudioFormat input,
    AudioFormat output,
    boolean spoken,
    boolean transcribed,
    List<TurnDetection> turnDetection) {
  /** What the model cannot follow, and a stock client sends all the same. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "include",
          "instructions",
          "max_output_tokens",
          "model",
          "parallel_tool_calls",
          "prompt",
          "reasoning",
          "tool_choice",
          "tracing",
          "truncation");

  private static final Set<String> KEYS = with("type", "audio", "output_modalities", "tools");

  private static Set<String> with(String... keys) {
    Set<String> all = new HashSet<>(WITHOUT_EFFECT);
    all.addAll(Set.of(keys));
    return Set.copyOf(all);
  }

  /** 24 kHz both ways, spoken answers, the server ends turns, as clients expect. */
  static SessionSettings initial() {
    return new SessionSettings(
        AudioFormat.PCM,
        AudioFormat.PCM,
        true,
        false,
        List.of(TurnDetection.of(new Fields("", Map.of("type", "server_vad")))));
  }

  /**
   * These settings with what an object names changed.
   *
   * @throws ApiException if it holds what is unknown, out of range or not supported
   */
  SessionSettings with(Fields session) {
    session.only(KEYS);
    if (session.has("type") && !session.string("type").equals("realtime")) {
      throw session.wrong("type", "realtime");
    }
    requireNoTools(session);
    Fields audio = session.object("audio");
    audio.only(Set.of("input", "output"));
    Fields in = audio.object("input");
    in.only(Set.of("format", "noise_reduction", "transcription", "turn_detection"));
    Fields out = audio.object("output");
    out.only(Set.of("format", "voice", "speed"));
    if (out.has("speed")) {
      out.number("speed", 1, 1);
    }
    return new SessionSettings(
        in.has("format") ? AudioFormat.of(in.object("format")) : input,
        out.has("format") ? AudioFormat.of(out.object("format")) : output,
        session.has("output_modalities") ? spoken(session) : spoken,
        in.names("transcription") ? in.has("transcription") : transcribed,
        turnDetection(in));
  }

  private List<TurnDetection> turnDetection(Fields in) {
    if (!in.names("turn_detection")) {
      return turnDetection;
    }
    return in.has("turn_detection")
        ? List.of(TurnDetection.of(in.object("turn_detection")))
        : List.of();
  }

  /** Whether {@code output_modalities} asks for sound. */
  static boolean spoken(Fields fields) {
    List<Object> modalities = fields.list("output_modalities");
    if (modalities.equals(List.of("audio"))) {
      return true;
    }
    if (modalities.equals(List.of("text"))) {
      return false;
    }
    throw fields.wrong("output_modalities", "[\"audio\"] or [\"text\"]");
  }

  /**
   * Refuses functions for the model to call.
   *
   * @throws ApiException if there is one
   */
  static void requireNoTools(Fields fields) {
    if (!fields.list("tools").isEmpty()) {
      throw new ApiException(
          "unsupported_value",
          fields.at("tools"),
          "expected none, as the model calls no functions, found some; leave them out");
    }
  }

  Map<String, Object> json(String id, String model) {
    Map<String, Object> in = new LinkedHashMap<>();
    in.put("format", input.json());
    in.put("transcription", transcribed ? Map.of("model", model) : null);
    in.put("noise_reduction", null);
    in.put(
        "turn_detection", turnDetection.stream().map(TurnDetection::json).findAny().orElse(null));
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("format", output.json());
    out.put("voice", model);
    out.put("speed", 1);
    Map<String, Object> audio = new LinkedHashMap<>();
    audio.put("input", in);
    audio.put("output", out);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "realtime");
    fields.put("object", "realtime.session");
    fields.put("id", id);
    fields.put("model", model);
    fields.put("output_modalities", modalities(spoken));
    fields.put("instructions", "");
    fields.put("tools", List.of());
    fields.put("tool_choice", "none");
    fields.put("max_output_tokens", "inf");
    fields.put("tracing", null);
    fields.put("audio", audio);
    return fields;
  }

  static List<String> modalities(boolean spoken) {
    return List.of(spoken ? "audio" : "text");
  }
}
