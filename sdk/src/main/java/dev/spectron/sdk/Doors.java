package dev.spectron.sdk;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * The doors on one core: an answer as a value, as a future, as events. Whoever comes through which
 * door, the same thread makes the same answer; what belongs to the caller never runs on it.
 */
final class Doors {
  /** Runs what belongs to the caller: the rest of a future, the methods of a subscriber. */
  static final Executor CALLERS = task -> Thread.ofVirtual().name("spectron events").start(task);

  private final Core core;
  private final SpectronOptions options;

  /** Begins answers. */
  @FunctionalInterface
  interface Core {
    /**
     * Puts an answer in line, or throws at once.
     *
     * @param sink gets its events
     */
    Answering begin(Speech question, EventSink sink);
  }

  Doors(Core core, SpectronOptions options) {
    this.core = core;
    this.options = options;
  }

  Answer answer(Speech question) {
    return core.begin(question, EventSink.none()).await();
  }

  Answer answer(Speech question, Consumer<? super AnswerEvent> listener) {
    Objects.requireNonNull(listener, "listener");
    EventBuffer buffer = new EventBuffer(options.eventBuffer(), options.patience(), () -> {});
    Answering answering = core.begin(question, buffer);
    try {
      AnswerEvent event;
      do {
        event = buffer.take();
        listener.accept(event);
      } while (!(event instanceof AnswerEvent.Done || event instanceof AnswerEvent.Failed));
    } catch (InterruptedException e) {
      throw answering.interrupted(e);
    } finally {
      answering.cancel("its listener threw");
    }
    return answering.await();
  }

  CompletableFuture<Answer> answerAsync(Speech question) {
    CompletableFuture<Answer> future = new CompletableFuture<>();
    try {
      Answering answering = core.begin(question, EventSink.none());
      CompletableFuture<Answer> _ =
          future.whenComplete((_, _) -> answering.cancel("its future was cancelled or completed"));
      CompletableFuture<Answer> _ =
          answering.result().whenCompleteAsync((a, e) -> complete(future, a, e), CALLERS);
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    }
    return future;
  }

  private static void complete(CompletableFuture<Answer> future, Answer answer, Throwable e) {
    if (e == null) {
      future.complete(answer);
    } else {
      future.completeExceptionally(e);
    }
  }

  Flow.Publisher<AnswerEvent> answerEvents(Speech question) {
    Objects.requireNonNull(question, "question");
    return new AnswerPublisher(
        sink -> {
          Answering answering = core.begin(question, sink);
          return () -> answering.cancel("its subscription was cancelled");
        },
        options.eventBuffer(),
        options.patience());
  }
}
