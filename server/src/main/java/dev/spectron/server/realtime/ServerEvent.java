package dev.spectron.server.realtime;

import dev.spectron.server.api.ApiError;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the server sends. */
sealed interface ServerEvent {
  /** Name of the event. */
  String type();

  /** All its fields but {@code type} and {@code event_id}. */
  Map<String, Object> fields();

  /** The session began. */
  record SessionCreated(Map<String, Object> session) implements ServerEvent {
    @Override
    public String type() {
      return "session.created";
    }

    @Override
    public Map<String, Object> fields() {
      return of("session", session);
    }
  }

  /** The session is answered in another way from here on. */
  record SessionUpdated(Map<String, Object> session) implements ServerEvent {
    @Override
    public String type() {
      return "session.updated";
    }

    @Override
    public Map<String, Object> fields() {
      return of("session", session);
    }
  }

  /**
   * A client's event was refused; the session goes on.
   *
   * @param causedBy the {@code event_id} of the client's event, empty if it had none
   */
  record Failed(ApiError error, String causedBy) implements ServerEvent {
    @Override
    public String type() {
      return "error";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>(error.json());
      fields.put("event_id", causedBy.isEmpty() ? null : causedBy);
      return of("error", fields);
    }
  }

  /** The sound so far became an item. */
  record AudioCommitted(Object previousItemId, String itemId) implements ServerEvent {
    @Override
    public String type() {
      return "input_audio_buffer.committed";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("item_id", itemId);
      fields.put("previous_item_id", previousItemId.equals("") ? null : previousItemId);
      return fields;
    }
  }

  /** The sound so far is forgotten. */
  record AudioCleared() implements ServerEvent {
    @Override
    public String type() {
      return "input_audio_buffer.cleared";
    }

    @Override
    public Map<String, Object> fields() {
      return new LinkedHashMap<>();
    }
  }

  /** Someone began to speak. */
  record SpeechStarted(String itemId, long audioStartMs) implements ServerEvent {
    @Override
    public String type() {
      return "input_audio_buffer.speech_started";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("item_id", itemId);
      fields.put("audio_start_ms", audioStartMs);
      return fields;
    }
  }

  /** They stopped. */
  record SpeechStopped(String itemId, long audioEndMs) implements ServerEvent {
    @Override
    public String type() {
      return "input_audio_buffer.speech_stopped";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("item_id", itemId);
      fields.put("audio_end_ms", audioEndMs);
      return fields;
    }
  }

  /**
   * News of an item.
   *
   * @param what {@code added}, {@code done} or {@code retrieved}
   * @param previousItemId the item before it, empty if it is the first
   */
  record ItemNews(String what, String previousItemId, Map<String, Object> item)
      implements ServerEvent {
    @Override
    public String type() {
      return "conversation.item." + what;
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("item", item);
      if (!what.equals("retrieved")) {
        fields.put("previous_item_id", previousItemId.isEmpty() ? null : previousItemId);
      }
      return fields;
    }
  }

  /** An item is gone. */
  record ItemDeleted(String itemId) implements ServerEvent {
    @Override
    public String type() {
      return "conversation.item.deleted";
    }

    @Override
    public Map<String, Object> fields() {
      return of("item_id", itemId);
    }
  }

  /** An answer is remembered as no longer than it was played. */
  record ItemTruncated(String itemId, int audioEndMs) implements ServerEvent {
    @Override
    public String type() {
      return "conversation.item.truncated";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("item_id", itemId);
      fields.put("content_index", 0);
      fields.put("audio_end_ms", audioEndMs);
      return fields;
    }
  }

  /** More of what the model heard. */
  record HeardDelta(String itemId, String delta) implements ServerEvent {
    @Override
    public String type() {
      return "conversation.item.input_audio_transcription.delta";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("item_id", itemId);
      fields.put("content_index", 0);
      fields.put("delta", delta);
      return fields;
    }
  }

  /** What the model heard. */
  record Heard(String itemId, String transcript, double seconds) implements ServerEvent {
    @Override
    public String type() {
      return "conversation.item.input_audio_transcription.completed";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> usage = of("type", "duration");
      usage.put("seconds", seconds);
      Map<String, Object> fields = of("item_id", itemId);
      fields.put("content_index", 0);
      fields.put("transcript", transcript);
      fields.put("usage", usage);
      return fields;
    }
  }

  /**
   * A response began or ended.
   *
   * @param what {@code created} or {@code done}
   */
  record ResponseNews(String what, Map<String, Object> response) implements ServerEvent {
    @Override
    public String type() {
      return "response." + what;
    }

    @Override
    public Map<String, Object> fields() {
      return of("response", response);
    }
  }

  /**
   * The item of a response began or ended.
   *
   * @param what {@code added} or {@code done}
   */
  record OutputItem(String what, String responseId, Map<String, Object> item)
      implements ServerEvent {
    @Override
    public String type() {
      return "response.output_item." + what;
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("response_id", responseId);
      fields.put("output_index", 0);
      fields.put("item", item);
      return fields;
    }
  }

  /**
   * A part of the content of a response.
   *
   * @param what the rest of the event's name: {@code content_part.added}, {@code
   *     output_audio.delta} and so on
   * @param key name of {@code value}: {@code part}, {@code delta}, {@code transcript} or {@code
   *     text}; empty for none
   */
  record Content(String what, String responseId, String itemId, String key, Object value)
      implements ServerEvent {
    @Override
    public String type() {
      return "response." + what;
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = of("response_id", responseId);
      fields.put("item_id", itemId);
      fields.put("output_index", 0);
      fields.put("content_index", 0);
      if (!key.isEmpty()) {
        fields.put(key, value);
      }
      return fields;
    }
  }

  private static Map<String, Object> of(String key, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(key, value);
    return fields;
  }
}
