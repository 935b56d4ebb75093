package dev.spectron.server.realtime;

import dev.spectron.audio.EndPointer;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.sdk.Speech;
import dev.spectron.server.answer.AnswerDesk;
import dev.spectron.server.api.ApiError;
import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Fields;
import dev.spectron.server.api.Limits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One client's session: takes its events as text, hands out the server's. Keeps the sound that
 * comes in and the items; what is said to them is the {@link Responder}'s. Safe for several
 * threads.
 */
public final class RealtimeSession implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(RealtimeSession.class.getName());
  private static final int LONGEST_ID = 64;
  private static final int LEAST_MILLISECONDS = 100;

  private final String id = Outgoing.newId("sess");
  private final AnswerDesk desk;
  private final Limits limits;
  private final Outgoing outgoing;
  private final ItemList items;
  private final Responder responder;
  private SessionSettings settings = SessionSettings.initial();
  private InputBuffer input = new InputBuffer();
  private List<EndPointer> endPointer;
  private String nextItemId = Outgoing.newId("item");

  /**
   * A session that has not begun.
   *
   * @param desk who answers
   * @param limits what the client is granted
   * @param client takes events as text, one at a time, and never waits
   */
  public RealtimeSession(AnswerDesk desk, Limits limits, Consumer<String> client) {
    this.desk = desk;
    this.limits = limits;
    this.outgoing = new Outgoing(client);
    this.items = new ItemList(limits.items());
    this.responder = new Responder(this, desk, outgoing, items);
    this.endPointer = newEndPointer();
  }

  /** Greets the client. */
  public synchronized void open() {
    outgoing.send(new ServerEvent.SessionCreated(settings.json(id, desk.model())));
  }

  /** Takes an event; one that is refused is answered with an error, and the session goes on. */
  public synchronized void receive(String text) {
    String eventId = "";
    try {
      Fields event = Fields.parse(text);
      if (event.values().get("event_id") instanceof String given && given.length() <= 512) {
        eventId = given;
      }
      handle(ClientEvent.of(event));
    } catch (RuntimeException e) {
      ApiError error = ApiException.errorOf(e);
      if (error.status() == 500) {
        LOGGER.log(Level.WARNING, "an event failed: " + ErrorCode.of(e), e);
      }
      outgoing.send(new ServerEvent.Failed(error, eventId));
    }
  }

  /** Tells the client that what it sent was no text. */
  public synchronized void refuseBinary() {
    outgoing.send(
        new ServerEvent.Failed(
            new ApiError(
                400,
                "invalid_message",
                "message: expected text, found binary data; send events as JSON",
                List.of()),
            ""));
  }

  /** Gives up what is under way. */
  @Override
  public synchronized void close() {
    responder.close();
    input = new InputBuffer();
  }

  private void handle(ClientEvent event) {
    switch (event) {
      case ClientEvent.UpdateSession update -> update(update.session());
      case ClientEvent.AppendAudio append -> append(append.audio());
      case ClientEvent.CommitAudio _ -> commitByHand();
      case ClientEvent.ClearAudio _ -> clear();
      case ClientEvent.CreateItem create -> create(create);
      case ClientEvent.RetrieveItem retrieve ->
          outgoing.send(
              new ServerEvent.ItemNews("retrieved", "", items.get(retrieve.itemId()).json()));
      case ClientEvent.TruncateItem truncate -> truncate(truncate);
      case ClientEvent.DeleteItem delete -> delete(delete.itemId());
      case ClientEvent.CreateResponse create -> respond(create.response());
      case ClientEvent.CancelResponse cancel -> responder.cancel(cancel.responseId());
    }
  }

  private void update(Fields change) {
    SessionSettings next = settings.with(change);
    if (next.input() != settings.input() && input.size() > 0) {
      throw new ApiException(
          "invalid_value",
          "session.audio.input.format",
          "expected the one of the sound in the buffer, found another; commit or clear it first");
    }
    boolean otherTurns =
        next.input() != settings.input() || !next.turnDetection().equals(settings.turnDetection());
    settings = next;
    if (otherTurns) {
      input = new InputBuffer();
      endPointer = newEndPointer();
    }
    outgoing.send(new ServerEvent.SessionUpdated(settings.json(id, desk.model())));
  }

  private List<EndPointer> newEndPointer() {
    return settings.turnDetection().stream()
        .map(detection -> new EndPointer(detection.pointing(), settings.input().rate()))
        .toList();
  }

  private void append(String audio) {
    byte[] bytes = decode("audio", audio, input.size());
    input.append(bytes);
    if (!endPointer.isEmpty()) {
      float[] sound = settings.input().coding().decode(bytes);
      endPointer.getFirst().hear(sound).forEach(this::turn);
      forgetSilence();
    }
  }

  private byte[] decode(String param, String audio, int had) {
    AudioFormat format = settings.input();
    long most = format.bytes(1000L * limits.questionSeconds());
    if (had + audio.length() / 4 * 3L - 2 > most) {
      throw new ApiException(
          "input_audio_buffer_full",
          param,
          "expected at most %d s of sound, found more; commit or clear it first"
              .formatted(limits.questionSeconds()));
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(audio);
    } catch (IllegalArgumentException e) {
      throw new ApiException("invalid_value", param, "expected Base64, found other text");
    }
    if (bytes.length % format.coding().bytes() != 0) {
      throw new ApiException(
          "invalid_value", param, "expected whole samples, found a part of one; send all of it");
    }
    return bytes;
  }

  /** Speech begins or ends. */
  private void turn(EndPointer.Edge edge) {
    TurnDetection detection = settings.turnDetection().getFirst();
    int sampleBytes = settings.input().coding().bytes();
    long place = edge.sample() * sampleBytes;
    if (edge.begins()) {
      long padding = settings.input().bytes(detection.prefixPaddingMs());
      input.takeUntil(Math.max(input.start(), place - padding));
      outgoing.send(
          new ServerEvent.SpeechStarted(nextItemId, settings.input().milliseconds(input.start())));
      if (detection.interruptResponse()) {
        responder.cancelActive("turn_detected");
      }
      return;
    }
    outgoing.send(new ServerEvent.SpeechStopped(nextItemId, settings.input().milliseconds(place)));
    commit(input.takeUntil(place));
    if (detection.createResponse() && responder.active().isEmpty()) {
      respond(new Fields("response", Map.of()));
    }
  }

  /** While nobody speaks, no more is kept than the next item may begin with. */
  private void forgetSilence() {
    if (!endPointer.getFirst().isSpeaking()) {
      int kept = settings.turnDetection().getFirst().prefixPaddingMs() + LEAST_MILLISECONDS;
      input.takeUntil(input.end() - settings.input().bytes(kept));
    }
  }

  private void commitByHand() {
    if (settings.input().milliseconds(input.size()) < LEAST_MILLISECONDS) {
      throw new ApiException(
          "input_audio_buffer_commit_empty",
          "input_audio_buffer",
          "expected at least %d ms of sound, found %d; append some first"
              .formatted(LEAST_MILLISECONDS, settings.input().milliseconds(input.size())));
    }
    endPointer.forEach(EndPointer::reset);
    commit(input.takeAll());
  }

  private void commit(byte[] sound) {
    Item item = Item.ofUser(nextItemId, settings.input().milliseconds(sound.length));
    nextItemId = Outgoing.newId("item");
    String previous = items.add(item);
    outgoing.send(new ServerEvent.AudioCommitted(previous, item.id()));
    announce(item, sound);
  }

  /** Tells of a user's item that was just added; the next response answers it. */
  private void announce(Item item, byte[] sound) {
    String previous = items.before(item.id());
    AudioFormat format = settings.input();
    responder.ask(item.id(), Speech.of(format.coding().decode(sound), format.rate()));
    outgoing.send(new ServerEvent.ItemNews("added", previous, item.json()));
    outgoing.send(new ServerEvent.ItemNews("done", previous, item.json()));
    dropOldItems();
  }

  private void dropOldItems() {
    items.trim().forEach(item -> outgoing.send(new ServerEvent.ItemDeleted(item.id())));
  }

  private void clear() {
    input.takeAll();
    endPointer.forEach(EndPointer::reset);
    outgoing.send(new ServerEvent.AudioCleared());
  }

  private void create(ClientEvent.CreateItem create) {
    Fields item = create.item();
    item.only(Set.of("id", "object", "type", "role", "status", "content"));
    Fields part = item.onlyElement("content");
    if (!item.string("type").equals("message")
        || !item.string("role").equals("user")
        || !part.string("type").equals("input_audio")) {
      throw new ApiException(
          "unsupported_value",
          "item",
          "expected a user's message of input_audio, as the model hears sound and nothing else,"
              + " found another; send audio");
    }
    part.only(Set.of("type", "audio", "transcript"));
    String itemId = item.string("id", Outgoing.newId("item"));
    if (itemId.length() > LONGEST_ID || items.holds(itemId)) {
      throw item.wrong("id", "an id of at most 64 characters that no other item has");
    }
    byte[] sound = decode(part.at("audio"), part.string("audio"), 0);
    if (settings.input().milliseconds(sound.length) < LEAST_MILLISECONDS) {
      throw new ApiException(
          "invalid_value", part.at("audio"), "expected at least 100 ms of sound, found less");
    }
    Item added = Item.ofUser(itemId, settings.input().milliseconds(sound.length));
    if (create.previousItemId().isEmpty()) {
      items.add(added);
    } else {
      items.addAfter(create.previousItemId(), added);
    }
    announce(added, sound);
  }

  private void truncate(ClientEvent.TruncateItem truncate) {
    Item item = items.get(truncate.itemId());
    boolean isPlayed = item.speaker() == Item.Speaker.ASSISTANT && item.spoken();
    if (!isPlayed || responder.isMaking(item.id())) {
      throw new ApiException(
          "invalid_value", "item_id", "expected a spoken answer that is over, found another item");
    }
    if (truncate.audioEndMs() > item.milliseconds()) {
      throw new ApiException(
          "invalid_value",
          "audio_end_ms",
          "expected at most the %d ms that the answer has, found %d"
              .formatted(item.milliseconds(), truncate.audioEndMs()));
    }
    items.update(item.forgotten(truncate.audioEndMs()));
    outgoing.send(new ServerEvent.ItemTruncated(item.id(), truncate.audioEndMs()));
  }

  private void delete(String itemId) {
    items.remove(itemId);
    responder.forget(itemId);
    outgoing.send(new ServerEvent.ItemDeleted(itemId));
  }

  private void respond(Fields wanted) {
    responder.respond(wanted, settings);
    dropOldItems();
  }
}
