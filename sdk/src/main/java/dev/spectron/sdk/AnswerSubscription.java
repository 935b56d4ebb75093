package dev.spectron.sdk;

import dev.spectron.core.error.ErrorCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One subscriber's events, as many as it requests. Its methods are called one at a time, on threads
 * of {@link Doors#CALLERS}: one that blocks lets its own buffer fill up and nothing else. Work
 * begins with the first request. The rules are those of Reactive Streams 1.0.4.
 */
final class AnswerSubscription implements Flow.Subscription {
  private static final Logger LOGGER = System.getLogger(AnswerSubscription.class.getName());

  private final AnswerPublisher.Source source;
  private final EventBuffer buffer;
  private final AtomicLong demand = new AtomicLong();

  /** Reasons to look at all this since it was looked at last; somebody looks while there are. */
  private final AtomicInteger reasons = new AtomicInteger(1);

  private volatile Flow.Subscriber<? super AnswerEvent> subscriber;
  private volatile Runnable giveUp = () -> {};
  private volatile boolean over;
  private volatile boolean refused;
  private boolean begun;

  AnswerSubscription(
      Flow.Subscriber<? super AnswerEvent> subscriber,
      AnswerPublisher.Source source,
      int eventBuffer,
      Duration patience) {
    this.subscriber = subscriber;
    this.source = source;
    this.buffer = new EventBuffer(eventBuffer, patience, this::look);
  }

  /** Introduces itself; nothing else is signalled before that is done. */
  void open() {
    try {
      subscriber.onSubscribe(this);
    } catch (RuntimeException e) {
      thrown(e);
    }
    Doors.CALLERS.execute(this::lookNow);
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      refused = true;
    } else {
      demand.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
    }
    look();
  }

  @Override
  public void cancel() {
    end();
    giveUp.run();
  }

  /** Nothing is signalled any more, and the subscriber is forgotten. */
  private void end() {
    over = true;
    subscriber = new Nobody();
  }

  private void look() {
    if (reasons.getAndIncrement() == 0) {
      Doors.CALLERS.execute(this::lookNow);
    }
  }

  private void lookNow() {
    int seen = reasons.get();
    while (seen > 0) {
      deliver();
      seen = reasons.addAndGet(-seen);
    }
  }

  private void deliver() {
    while (!over) {
      if (refused) {
        giveUp.run();
        fail(
            new IllegalArgumentException(
                "subscription: expected a request of at least 1, found less; request more (Reactive Streams 3.9)"));
        return;
      }
      Optional<AnswerEvent> event = demand.get() > 0 ? next() : Optional.empty();
      if (event.isPresent()) {
        pass(event.get());
        continue;
      }
      buffer.failure().ifPresent(failed -> fail(failed.cause()));
      return;
    }
  }

  private Optional<AnswerEvent> next() {
    if (!begun) {
      begun = true;
      begin();
    }
    Optional<AnswerEvent> event = buffer.poll();
    if (event.isPresent()) {
      demand.updateAndGet(n -> n == Long.MAX_VALUE ? n : n - 1);
    }
    return event;
  }

  private void begin() {
    try {
      giveUp = source.begin(buffer);
    } catch (RuntimeException e) {
      buffer.end(new AnswerEvent.Failed(ErrorCode.of(e).id(), e));
    }
    if (over) {
      giveUp.run();
    }
  }

  private void pass(AnswerEvent event) {
    Flow.Subscriber<? super AnswerEvent> receiver = subscriber;
    try {
      receiver.onNext(event);
      if (event instanceof AnswerEvent.Done && !over) {
        end();
        receiver.onComplete();
      }
    } catch (RuntimeException e) {
      thrown(e);
    }
    if (event instanceof AnswerEvent.Failed failed) {
      fail(failed.cause());
    }
  }

  private void fail(Throwable cause) {
    Flow.Subscriber<? super AnswerEvent> receiver = subscriber;
    end();
    try {
      receiver.onError(cause);
    } catch (RuntimeException e) {
      thrown(e);
    }
  }

  /** A subscriber that throws breaks rule 2.13 and counts as cancelled. */
  private void thrown(RuntimeException e) {
    LOGGER.log(Level.WARNING, "a subscriber threw; its answer is given up", e);
    cancel();
  }

  /** In the place of a subscriber that wants no more. */
  private static final class Nobody implements Flow.Subscriber<AnswerEvent> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(AnswerEvent event) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onComplete() {}
  }
}
