package dev.spectron.sdk;

import dev.spectron.core.error.CancelledException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.error.MisuseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Questions that belong together. It keeps their text: what was asked and what was answered. A
 * model that {@linkplain Spectron#hearsContext() hears context} is given as much of it as fits its
 * window, the latest turns first; {@link Answer#context()} says how much that was. Any other model
 * answers every question on its own, and the turns are a record.
 *
 * {@snippet :
 * try (Spectron spectron = Spectron.openDefault();
 *     Conversation conversation = spectron.newConversation()) {
 *   Speech question = Speech.readWav(Path.of("question.wav"));
 *   Answer answer = conversation.answer(question);
 *   System.out.println(answer.text() + ", " + answer.context().dropped() + " turns dropped");
 *   conversation.answer(question, event -> System.out.println(event));
 *   System.out.println(conversation.turns().size());
 * }
 * }
 *
 * <p>One question at a time, from whichever thread: a second one before the first is over is a
 * {@link MisuseException} with code {@code conversation.busy}, however it is asked. {@link #cancel}
 * and {@link #close} may be called by any thread at any time. A conversation holds text only, so
 * one that is never closed costs no more than that.
 */
public final class Conversation implements AutoCloseable {
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final Spectron spectron;
  private final ConversationOptions options;
  private final Doors doors;
  private final List<Turn> turns = new ArrayList<>();
  private long asked;
  private int forgotten;
  private boolean closed;

  /** The latest, one element or none. */
  private List<Answering> latest = List.of();

  Conversation(Spectron spectron, ConversationOptions options) {
    this.spectron = spectron;
    this.options = options;
    this.doors = new Doors(this::begin, spectron.options());
  }

  /**
   * Answers the next question and waits for the answer.
   *
   * @throws CapacityException if the question is longer than the model can hear
   * @throws CancelledException if the answer is cancelled, this is closed meanwhile or the waiting
   *     thread interrupted
   * @throws MisuseException if a question is being answered, or this or the model is closed
   */
  public Answer answer(Speech question) {
    return doors.answer(Objects.requireNonNull(question, "question"));
  }

  /**
   * Answers the next question and lets the answer be heard while it is being made.
   *
   * @param listener called by this thread, with the last event before this returns or throws; what
   *     it throws ends the answer and is thrown here. One that takes long lets events pile up as
   *     {@link SpectronOptions#eventBuffer()} and {@link SpectronOptions#patience()} allow
   * @throws CapacityException if the question is longer than the model can hear, or the listener
   *     too slow
   * @throws CancelledException if the answer is cancelled, this is closed meanwhile or the waiting
   *     thread interrupted
   * @throws MisuseException if a question is being answered, or this or the model is closed
   */
  public Answer answer(Speech question, Consumer<? super AnswerEvent> listener) {
    return doors.answer(Objects.requireNonNull(question, "question"), listener);
  }

  /**
   * Answers the next question without waiting.
   *
   * @return completes with what {@link #answer(Speech)} returns or throws, misuse included.
   *     Cancelling it, or completing it in any other way, stops the work; its dependents run on
   *     threads of their own
   */
  public CompletableFuture<Answer> answerAsync(Speech question) {
    return doors.answerAsync(Objects.requireNonNull(question, "question"));
  }

  /**
   * Answers the next question as events.
   *
   * @return asks when a subscriber requests its first event, and asks again for every subscriber.
   *     After {@link AnswerEvent.Done} it completes; what {@link #answer(Speech)} would throw is
   *     {@link AnswerEvent.Failed} if it was requested, and then the error of the stream, misuse
   *     included. Cancelling the subscription stops the work
   */
  public Flow.Publisher<AnswerEvent> answerEvents(Speech question) {
    return doors.answerEvents(question);
  }

  /**
   * What was said so far, oldest first; a copy. Answers that failed or were cancelled left none.
   */
  public synchronized List<Turn> turns() {
    return List.copyOf(turns);
  }

  /**
   * Puts other turns in the place of those said so far: to forget or shorten some, or to take up an
   * earlier dialogue. The next question is asked after them; an answer under way adds its turn to
   * them.
   *
   * @param replaced oldest first; of more than {@link ConversationOptions#maxTurns()}, the latest
   */
  public synchronized void setTurns(List<Turn> replaced) {
    forgotten = Math.max(0, replaced.size() - options.maxTurns());
    List<Turn> latestTurns = List.copyOf(replaced.subList(forgotten, replaced.size()));
    turns.clear();
    turns.addAll(latestTurns);
  }

  /** How this is answered. */
  public ConversationOptions options() {
    return options;
  }

  /**
   * Gives up the answer under way, if there is one: whoever waits for it gets a {@link
   * CancelledException} at once, and the next question may be asked at once. The model leaves it
   * within one decoding step or block of the vocoder.
   */
  public void cancel() {
    open().forEach(answering -> answering.cancel("the conversation was asked to stop"));
  }

  /**
   * Gives up the answer under way and waits until the model has left it, at most ten seconds.
   * Closing twice does nothing.
   */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    for (Answering answering : open()) {
      answering.cancel("its conversation was closed");
      answering.awaitLeft(LONGEST_CLOSE.toNanos());
    }
  }

  private synchronized List<Answering> open() {
    return latest;
  }

  private synchronized Answering begin(Speech question, EventSink sink) {
    if (closed) {
      throw new MisuseException(
          "conversation: expected an open one, found a closed one; open another",
          ErrorCode.CONVERSATION_CLOSED);
    }
    if (latest.stream().anyMatch(answering -> !answering.isOver())) {
      throw new MisuseException(
          "conversation: expected one question at a time, found a second by thread %s while the first is being answered; wait for it, cancel it or open another conversation"
              .formatted(Thread.currentThread().getName()),
          ErrorCode.CONVERSATION_BUSY);
    }
    LoadedModel.Request request =
        new LoadedModel.Request(
            question, List.copyOf(turns), forgotten, options, options.seed() + asked);
    Answering answering = spectron.begin(request, sink, this::remember);
    asked++;
    latest = List.of(answering);
    return answering;
  }

  private synchronized void remember(Answer answer) {
    turns.add(new Turn(answer.transcript(), answer.text()));
    if (turns.size() > options.maxTurns()) {
      turns.removeFirst();
      forgotten++;
    }
  }
}
