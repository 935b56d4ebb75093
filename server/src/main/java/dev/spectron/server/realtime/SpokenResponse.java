package dev.spectron.server.realtime;

import dev.spectron.audio.ResamplerStream;
import dev.spectron.sdk.Speech;
import dev.spectron.server.api.ApiError;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One response while it is being made; guarded by its session. */
final class SpokenResponse {
  private final String id = Outgoing.newId("resp");
  private final String conversationId;
  private final Outgoing outgoing;
  private final AudioFormat format;
  private final boolean spoken;
  private final Map<String, Object> metadata;
  private final StringBuilder text = new StringBuilder();
  private final List<ResamplerStream> resampler = new ArrayList<>(1);
  private Item item;
  private long bytes;
  private boolean over;

  SpokenResponse(
      String conversationId,
      String questionId,
      Outgoing outgoing,
      AudioFormat format,
      boolean spoken,
      Map<String, Object> metadata) {
    this.conversationId = conversationId;
    this.outgoing = outgoing;
    this.format = format;
    this.spoken = spoken;
    this.metadata = metadata;
    this.item = Item.ofAnswer(Outgoing.newId("item"), questionId, spoken);
  }

  String id() {
    return id;
  }

  Item item() {
    return item;
  }

  /** Whether its last event was sent. */
  boolean isOver() {
    return over;
  }

  /** The events before the first word. */
  void begin(String previousItemId) {
    outgoing.send(new ServerEvent.ResponseNews("created", json("in_progress", Map.of())));
    outgoing.send(new ServerEvent.OutputItem("added", id, item.json()));
    outgoing.send(new ServerEvent.ItemNews("added", previousItemId, item.json()));
    content("content_part.added", "part", part(""));
  }

  void say(String words) {
    text.append(words);
    content(spoken ? "output_audio_transcript.delta" : "output_text.delta", "delta", words);
  }

  void sound(Speech piece) {
    if (!spoken) {
      return;
    }
    if (resampler.isEmpty()) {
      resampler.add(new ResamplerStream(piece.sampleRate(), format.rate()));
    }
    sound(resampler.getFirst().next(piece.samples()));
  }

  private void sound(float[] samples) {
    if (samples.length > 0) {
      byte[] coded = format.coding().encode(samples);
      bytes += coded.length;
      content("output_audio.delta", "delta", Base64.getEncoder().encodeToString(coded));
    }
  }

  /** The whole answer was made. */
  void complete(String previousItemId, boolean ended) {
    resampler.forEach(stream -> sound(stream.last()));
    if (ended) {
      end(previousItemId, "completed", Map.of());
    } else {
      end(previousItemId, "incomplete", details("incomplete", "reason", "max_output_tokens"));
    }
  }

  void fail(String previousItemId, ApiError error) {
    end(previousItemId, "failed", details("failed", "error", error.json()));
  }

  /**
   * Ends it early.
   *
   * @param reason {@code client_cancelled} or {@code turn_detected}
   */
  void cancel(String previousItemId, String reason) {
    end(previousItemId, "cancelled", details("cancelled", "reason", reason));
  }

  private void end(String previousItemId, String status, Map<String, Object> details) {
    over = true;
    String words = text.toString();
    item =
        item.ended(
            status.equals("completed") ? "completed" : "incomplete",
            words,
            format.milliseconds(bytes));
    if (spoken) {
      content("output_audio.done", "", "");
      content("output_audio_transcript.done", "transcript", words);
    } else {
      content("output_text.done", "text", words);
    }
    content("content_part.done", "part", part(words));
    outgoing.send(new ServerEvent.OutputItem("done", id, item.json()));
    outgoing.send(new ServerEvent.ItemNews("done", previousItemId, item.json()));
    outgoing.send(new ServerEvent.ResponseNews("done", json(status, details)));
  }

  private void content(String what, String key, Object value) {
    outgoing.send(new ServerEvent.Content(what, id, item.id(), key, value));
  }

  private Map<String, Object> part(String words) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("type", spoken ? "audio" : "text");
    part.put(spoken ? "transcript" : "text", words);
    return part;
  }

  private static Map<String, Object> details(String type, String key, Object value) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", type);
    details.put(key, value);
    return details;
  }

  private Map<String, Object> json(String status, Map<String, Object> details) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("object", "realtime.response");
    fields.put("id", id);
    fields.put("conversation_id", conversationId);
    fields.put("status", status);
    fields.put("status_details", details.isEmpty() ? null : details);
    fields.put("output", over ? List.of(item.json()) : List.of());
    fields.put("output_modalities", SessionSettings.modalities(spoken));
    fields.put("audio", Map.of("output", Map.of("format", format.json())));
    fields.put("metadata", metadata.isEmpty() ? null : metadata);
    fields.put("usage", null);
    return fields;
  }
}
