package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps the events of one answer, as a listener or as a subscriber that requests so many a time.
 */
class Heard implements Consumer<AnswerEvent>, Flow.Subscriber<AnswerEvent> {
  final List<AnswerEvent> events = new ArrayList<>();
  final List<Throwable> errors = new ArrayList<>();
  final CountDownLatch ended = new CountDownLatch(1);
  volatile Flow.Subscription subscription;
  private final long requested;
  private boolean completed;

  Heard() {
    this(Long.MAX_VALUE);
  }

  Heard(long requested) {
    this.requested = requested;
  }

  @Override
  public void accept(AnswerEvent event) {
    events.add(event);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (requested > 0) {
      given.request(requested);
    }
  }

  @Override
  public void onNext(AnswerEvent event) {
    accept(event);
    if (requested == 1) {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable cause) {
    errors.add(cause);
    ended.countDown();
  }

  @Override
  public void onComplete() {
    completed = true;
    ended.countDown();
  }

  Heard awaitEnd() throws InterruptedException {
    assertThat(ended.await(1, TimeUnit.MINUTES)).as("the stream ended").isTrue();
    return this;
  }

  boolean completed() {
    return completed;
  }

  <E extends AnswerEvent> List<E> all(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The chunks one after the other; their positions are checked. */
  float[] samples() {
    List<AnswerEvent.AudioChunk> chunks = all(AnswerEvent.AudioChunk.class);
    float[] joined = new float[chunks.stream().mapToInt(c -> c.speech().samples().length).sum()];
    int at = 0;
    for (AnswerEvent.AudioChunk chunk : chunks) {
      assertThat(chunk.position()).isEqualTo(at);
      float[] samples = chunk.speech().samples();
      System.arraycopy(samples, 0, joined, at, samples.length);
      at += samples.length;
    }
    return joined;
  }

  /** That the events are those of {@code answer}, in order and complete. */
  void assertTells(Answer answer, int chunk) {
    String transcript =
        String.join(
            "", all(AnswerEvent.TranscriptDelta.class).stream().map(d -> d.words()).toList());
    String text =
        String.join("", all(AnswerEvent.TextDelta.class).stream().map(d -> d.words()).toList());
    assertThat(transcript).isEqualTo(answer.transcript());
    assertThat(text).isEqualTo(answer.text());
    assertThat(samples()).isEqualTo(answer.speech().samples());
    List<AnswerEvent.AudioChunk> chunks = all(AnswerEvent.AudioChunk.class);
    assertThat(chunks.subList(0, chunks.size() - 1))
        .allMatch(c -> c.speech().samples().length == chunk);
    assertThat(chunks.getLast().speech().samples()).hasSizeBetween(1, chunk);
    assertThat(all(AnswerEvent.StageTiming.class))
        .extracting(AnswerEvent.StageTiming::stage)
        .containsExactly(Stage.values());
    assertThat(events.getLast()).isInstanceOf(AnswerEvent.Done.class);
    assertThat(all(AnswerEvent.Done.class)).hasSize(1);
    Toy.assertSame(all(AnswerEvent.Done.class).getFirst().answer(), answer);
    assertThat(events.stream().map(Heard::rank).toList()).isSorted();
  }

  private static int rank(AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.TranscriptDelta _ -> 1;
      case AnswerEvent.TextDelta _ -> 2;
      case AnswerEvent.AudioChunk _ -> 4;
      case AnswerEvent.Done _, AnswerEvent.Failed _ -> 5;
      case AnswerEvent.StageTiming timing ->
          switch (timing.stage()) {
            case FEATURES, ENCODE, PREFILL -> 0;
            case TEXT -> 3;
            case FRAMES, VOCODER -> 4;
          };
    };
  }
}
