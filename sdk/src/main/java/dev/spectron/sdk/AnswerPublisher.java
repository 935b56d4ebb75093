package dev.spectron.sdk;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * Asks anew for every subscriber, when it requests its first event.
 *
 * @param source begins an answer
 * @param eventBuffer as in {@link SpectronOptions}
 * @param patience as in {@link SpectronOptions}
 */
record AnswerPublisher(Source source, int eventBuffer, Duration patience)
    implements Flow.Publisher<AnswerEvent> {
  /** Where events come from. */
  @FunctionalInterface
  interface Source {
    /**
     * Begins to make events, on another thread.
     *
     * @return gives up what was begun; does nothing once it is over
     */
    Runnable begin(EventSink sink);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super AnswerEvent> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    new AnswerSubscription(subscriber, source, eventBuffer, patience).open();
  }
}
