package dev.spectron.server.realtime;

import dev.spectron.core.error.CancelledException;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.AnswerEvent;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.Speech;
import dev.spectron.server.answer.AnswerDesk;
import dev.spectron.server.api.ApiError;
import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a session says: one response at a time, to the latest recording. The model is told of the
 * dialogue what the items hold when it begins to answer. Guarded by its session: whoever calls
 * holds its lock, and the threads that answer take it.
 */
final class Responder implements AutoCloseable {
  private static final Set<String> RESPONSE_KEYS =
      Set.of(
          "audio",
          "conversation",
          "instructions",
          "max_output_tokens",
          "metadata",
          "output_modalities",
          "parallel_tool_calls",
          "prompt",
          "reasoning",
          "tool_choice",
          "tools");

  private final String conversationId = Outgoing.newId("conv");
  private final RealtimeSession session;
  private final AnswerDesk desk;
  private final Outgoing outgoing;
  private final ItemList items;
  private final Conversation conversation;

  /** What the next response answers; one element or none. */
  private List<Question> question = List.of();

  /** The latest; one element or none. */
  private List<SpokenResponse> latest = List.of();

  private Thread answering = new Thread(() -> {}, "none");

  /** A recording and the item it is. */
  private record Question(String itemId, Speech speech) {}

  Responder(RealtimeSession session, AnswerDesk desk, Outgoing outgoing, ItemList items) {
    this.session = session;
    this.desk = desk;
    this.outgoing = outgoing;
    this.items = items;
    this.conversation = desk.newConversation(UnaryOperator.identity());
  }

  /** The next response answers this. */
  void ask(String itemId, Speech speech) {
    question = List.of(new Question(itemId, speech));
  }

  /** An item was deleted: if it was to be answered, it is not. */
  void forget(String itemId) {
    question = question.stream().filter(asked -> !asked.itemId().equals(itemId)).toList();
  }

  /** The response under way; one element or none. */
  List<SpokenResponse> active() {
    return latest.stream().filter(response -> !response.isOver()).toList();
  }

  /** Whether an item is the response under way. */
  boolean isMaking(String itemId) {
    return active().stream().anyMatch(response -> response.item().id().equals(itemId));
  }

  /**
   * Begins a response.
   *
   * @param wanted fields of {@code response.create}
   * @param settings of the session, for what they do not name
   * @throws ApiException if they are wrong, one is under way, there is no question or no place in
   *     the line
   */
  void respond(Fields wanted, SessionSettings settings) {
    wanted.only(RESPONSE_KEYS);
    SessionSettings.requireNoTools(wanted);
    if (wanted.has("conversation") && !wanted.string("conversation").equals("auto")) {
      throw wanted.wrong("conversation", "auto");
    }
    Fields audio = wanted.object("audio");
    audio.only(Set.of("output"));
    Fields out = audio.object("output");
    out.only(Set.of("format", "voice"));
    if (!active().isEmpty()) {
      throw new ApiException(
          "conversation_already_has_active_response",
          "response",
          "expected one at a time, found %s under way; wait for it or cancel it"
              .formatted(active().getFirst().id()));
    }
    if (question.isEmpty()) {
      throw new ApiException(
          "input_audio_missing",
          "response",
          "expected a recording to answer, found none; append and commit one first");
    }
    SpokenResponse response =
        new SpokenResponse(
            conversationId,
            question.getFirst().itemId(),
            outgoing,
            out.has("format") ? AudioFormat.of(out.object("format")) : settings.output(),
            wanted.has("output_modalities") ? SessionSettings.spoken(wanted) : settings.spoken(),
            metadata(wanted));
    begin(new Hearing(response, question.getFirst(), settings.transcribed()), desk.enter());
  }

  private static Map<String, Object> metadata(Fields wanted) {
    Fields metadata = wanted.object("metadata");
    boolean fits =
        metadata.values().size() <= 16
            && metadata.values().entrySet().stream()
                .allMatch(
                    entry ->
                        entry.getKey().length() <= 64
                            && entry.getValue() instanceof String text
                            && text.length() <= 512);
    if (!fits) {
      throw wanted.wrong("metadata", "at most 16 strings of at most 512 characters");
    }
    return metadata.values();
  }

  private void begin(Hearing hearing, AnswerDesk.Place place) {
    SpokenResponse response = hearing.response;
    latest = List.of(response);
    String previous = items.add(response.item());
    response.begin(previous);
    Thread before = answering;
    answering = Thread.ofVirtual().unstarted(() -> answer(hearing, place, before));
    answering.start();
  }

  /** On a thread of its own, after the one of the response before has ended. */
  private void answer(Hearing hearing, AnswerDesk.Place place, Thread before) {
    try (place) {
      before.join();
      synchronized (session) {
        conversation.setTurns(items.turns());
      }
      hearing.done(place.answer(conversation, hearing.asked.speech(), hearing::event));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      synchronized (session) {
        if (!hearing.response.isOver()) {
          ApiError error = ApiException.errorOf(e);
          end(hearing.response, previous -> hearing.response.fail(previous, error));
        }
      }
    }
  }

  /**
   * Gives up the response under way.
   *
   * @param responseId of it; empty for any
   * @throws ApiException if it is not under way
   */
  void cancel(String responseId) {
    boolean found =
        active().stream()
            .anyMatch(response -> responseId.isEmpty() || responseId.equals(response.id()));
    if (!found) {
      throw new ApiException(
          "response_cancel_not_active",
          "response_id",
          "expected a response under way, found none; nothing was cancelled");
    }
    cancelActive("client_cancelled");
  }

  /** Gives up the response under way, if there is one. */
  void cancelActive(String reason) {
    for (SpokenResponse response : active()) {
      end(response, previous -> response.cancel(previous, reason));
      conversation.cancel();
    }
  }

  /** Gives up what is under way and what was to be answered. */
  @Override
  public void close() {
    cancelActive("client_cancelled");
    question = List.of();
  }

  private void end(SpokenResponse response, Consumer<String> how) {
    String itemId = response.item().id();
    how.accept(items.holds(itemId) ? items.before(itemId) : "");
    items.update(response.item());
  }

  /** What the model says while it answers, told to the client. */
  private final class Hearing {
    private final SpokenResponse response;
    private final Question asked;
    private final boolean transcribed;
    private final StringBuilder heard = new StringBuilder();
    private final List<String> told = new ArrayList<>(1);

    Hearing(SpokenResponse response, Question asked, boolean transcribed) {
      this.response = response;
      this.asked = asked;
      this.transcribed = transcribed;
    }

    void event(AnswerEvent event) {
      synchronized (session) {
        if (response.isOver()) {
          throw new CancelledException("response: expected one under way, found it cancelled");
        }
        switch (event) {
          case AnswerEvent.TranscriptDelta delta -> {
            heard.append(delta.words());
            if (transcribed) {
              outgoing.send(new ServerEvent.HeardDelta(asked.itemId(), delta.words()));
            }
          }
          case AnswerEvent.TextDelta delta -> {
            tell(heard.toString());
            response.say(delta.words());
          }
          case AnswerEvent.AudioChunk chunk -> response.sound(chunk.speech());
          case AnswerEvent.StageTiming _, AnswerEvent.Done _, AnswerEvent.Failed _ -> {}
        }
      }
    }

    void done(Answer answer) {
      synchronized (session) {
        if (!response.isOver()) {
          tell(answer.transcript());
          end(response, previous -> response.complete(previous, answer.ended()));
        }
      }
    }

    /** Once, when all of it was heard. */
    private void tell(String transcript) {
      if (!told.isEmpty()) {
        return;
      }
      told.add(transcript);
      if (items.holds(asked.itemId())) {
        items.update(items.get(asked.itemId()).said(transcript));
      }
      if (transcribed) {
        outgoing.send(new ServerEvent.Heard(asked.itemId(), transcript, asked.speech().seconds()));
      }
    }
  }
}
