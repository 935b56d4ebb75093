package dev.spectron.cli.realtime;

import dev.spectron.sdk.AnswerEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Takes the events of an answer one at a time, and cancels it once it has so many. */
public final class EventCount implements Flow.Subscriber<AnswerEvent> {
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private int left;
  private Flow.Subscription subscription;

  /** Cancels after so many events. */
  public EventCount(int events) {
    this.left = events;
  }

  /** {@code completed}, {@code cancelled} or the error, once it is known. */
  public CompletableFuture<String> end() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(AnswerEvent event) {
    if (--left <= 0) {
      subscription.cancel();
      end.complete("cancelled");
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable cause) {
    end.complete(cause.toString());
  }

  @Override
  public void onComplete() {
    end.complete("completed");
  }
}
