package dev.spectron.server.realtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message of a conversation. Immutable; its sound is not part of it.
 *
 * @param id unique within the session
 * @param speaker who speaks
 * @param answers id of the item that this answers, empty for a user's
 * @param status {@code in_progress}, {@code completed} or {@code incomplete}
 * @param spoken whether it is sound rather than text
 * @param text what was said, where it is known; one element or none
 * @param milliseconds of sound
 */
record Item(
    String id,
    Speaker speaker,
    String answers,
    String status,
    boolean spoken,
    List<String> text,
    long milliseconds) {
  /** Who speaks. */
  enum Speaker {
    USER,
    ASSISTANT
  }

  static Item ofUser(String id, long milliseconds) {
    return new Item(id, Speaker.USER, "", "completed", true, List.of(), milliseconds);
  }

  static Item ofAnswer(String id, String answers, boolean spoken) {
    return new Item(id, Speaker.ASSISTANT, answers, "in_progress", spoken, List.of(), 0);
  }

  Item said(String words) {
    return new Item(id, speaker, answers, status, spoken, List.of(words), milliseconds);
  }

  Item forgotten(long end) {
    return new Item(id, speaker, answers, status, spoken, List.of(), end);
  }

  Item ended(String newStatus, String words, long newMilliseconds) {
    return new Item(id, speaker, answers, newStatus, spoken, List.of(words), newMilliseconds);
  }

  boolean isOver() {
    return !status.equals("in_progress");
  }

  /** Whether it has no sound, or none that is left. */
  boolean isEmpty() {
    return milliseconds == 0;
  }

  /** What was said; empty where it is not known or was forgotten. */
  String words() {
    return String.join("", text);
  }

  Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("object", "realtime.item");
    fields.put("type", "message");
    fields.put("status", status);
    fields.put("role", speaker == Speaker.USER ? "user" : "assistant");
    fields.put("content", isOver() ? List.of(content()) : List.of());
    return fields;
  }

  /** The only part of the content. */
  private Map<String, Object> content() {
    Map<String, Object> part = new LinkedHashMap<>();
    String words = text.isEmpty() ? null : text.getFirst();
    if (speaker == Speaker.USER) {
      part.put("type", "input_audio");
      part.put("transcript", words);
    } else if (spoken) {
      part.put("type", "output_audio");
      part.put("transcript", words);
    } else {
      part.put("type", "output_text");
      part.put("text", words == null ? "" : words);
    }
    return part;
  }
}
