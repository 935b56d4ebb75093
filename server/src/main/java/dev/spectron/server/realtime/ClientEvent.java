package dev.spectron.server.realtime;

import dev.spectron.server.api.Fields;
import java.util.HashSet;
import java.util.Set;

/** What a client may send. Values of its own kind are checked where they are used. */
sealed interface ClientEvent {
  /** {@code session.update}: changes what it names of the session. */
  record UpdateSession(Fields session) implements ClientEvent {}

  /** {@code input_audio_buffer.append}: more sound, in Base64. */
  record AppendAudio(String audio) implements ClientEvent {}

  /** {@code input_audio_buffer.commit}: the sound so far becomes an item. */
  record CommitAudio() implements ClientEvent {}

  /** {@code input_audio_buffer.clear}: the sound so far is forgotten. */
  record ClearAudio() implements ClientEvent {}

  /**
   * {@code conversation.item.create}.
   *
   * @param previousItemId the item it comes after, {@code root} for the start, empty for the end
   * @param item what to add
   */
  record CreateItem(String previousItemId, Fields item) implements ClientEvent {}

  /** {@code conversation.item.retrieve}. */
  record RetrieveItem(String itemId) implements ClientEvent {}

  /** {@code conversation.item.truncate}: the client played no more than this of an answer. */
  record TruncateItem(String itemId, int audioEndMs) implements ClientEvent {}

  /** {@code conversation.item.delete}. */
  record DeleteItem(String itemId) implements ClientEvent {}

  /** {@code response.create}: asks for the answer to the latest recording. */
  record CreateResponse(Fields response) implements ClientEvent {}

  /**
   * {@code response.cancel}.
   *
   * @param responseId which; empty for the one under way
   */
  record CancelResponse(String responseId) implements ClientEvent {}

  /**
   * Reads an event.
   *
   * @throws dev.spectron.server.api.ApiException if it is none
   */
  static ClientEvent of(Fields event) {
    return switch (event.string("type")) {
      case "session.update" -> {
        known(event, "session");
        yield new UpdateSession(event.object("session"));
      }
      case "input_audio_buffer.append" -> {
        known(event, "audio");
        yield new AppendAudio(event.string("audio"));
      }
      case "input_audio_buffer.commit" -> {
        known(event);
        yield new CommitAudio();
      }
      case "input_audio_buffer.clear" -> {
        known(event);
        yield new ClearAudio();
      }
      case "conversation.item.create" -> {
        known(event, "previous_item_id", "item");
        yield new CreateItem(event.string("previous_item_id", ""), event.object("item"));
      }
      case "conversation.item.retrieve" -> {
        known(event, "item_id");
        yield new RetrieveItem(event.string("item_id"));
      }
      case "conversation.item.truncate" -> {
        known(event, "item_id", "content_index", "audio_end_ms");
        event.integer("content_index", 0, 0);
        yield new TruncateItem(
            event.string("item_id"), (int) event.integer("audio_end_ms", 0, Integer.MAX_VALUE));
      }
      case "conversation.item.delete" -> {
        known(event, "item_id");
        yield new DeleteItem(event.string("item_id"));
      }
      case "response.create" -> {
        known(event, "response");
        yield new CreateResponse(event.object("response"));
      }
      case "response.cancel" -> {
        known(event, "response_id");
        yield new CancelResponse(event.string("response_id", ""));
      }
      default ->
          throw event.wrong(
              "type",
              "session.update, input_audio_buffer.append, .commit or .clear,"
                  + " conversation.item.create, .retrieve, .truncate or .delete, response.create"
                  + " or .cancel");
    };
  }

  private static void known(Fields event, String... keys) {
    Set<String> known = new HashSet<>(Set.of(keys));
    known.add("type");
    known.add("event_id");
    event.only(known);
  }
}
