package dev.spectron.live;

import dev.spectron.core.error.ErrorCode;
import dev.spectron.sdk.AnswerEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer's events between the threads that bring them and the one that takes them. The last is
 * {@link AnswerEvent.Done} or {@link AnswerEvent.Failed}.
 */
final class AnswerFeed implements Flow.Subscriber<AnswerEvent> {
  private static final long LONGEST_WAIT_SECONDS = 120;

  private final BlockingQueue<AnswerEvent> events = new LinkedBlockingQueue<>();
  private List<Flow.Subscription> subscription = List.of();
  private boolean cancelled;

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = List.of(given);
    if (cancelled) {
      given.cancel();
    } else {
      given.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(AnswerEvent event) {
    if (!(event instanceof AnswerEvent.Failed)) { // it comes as the error of the stream as well
      events.add(event);
    }
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new AnswerEvent.Failed(ErrorCode.of(cause).id(), cause));
  }

  @Override
  public void onComplete() {}

  /** The next event, if it is there. */
  Optional<AnswerEvent> poll() {
    return Optional.ofNullable(events.poll());
  }

  /** The next event; empty if the thread was interrupted or the model says nothing any more. */
  Optional<AnswerEvent> await() {
    try {
      return Optional.ofNullable(events.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Wants no more. */
  synchronized void cancel() {
    cancelled = true;
    subscription.forEach(Flow.Subscription::cancel);
  }
}
