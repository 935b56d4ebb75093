package dev.spectron.live;

import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.AnswerEvent;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.sdk.Speech;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * In the place of a model: answers each question with a steady tone, after a while by the clock of
 * the device and then 100 ms of sound at a time.
 */
final class ScriptedAnswers implements Function<Speech, Flow.Publisher<AnswerEvent>> {
  static final int RATE = 16_000;
  static final float LEVEL = 0.5f;
  private static final int CHUNK = RATE / 10;

  private final VirtualSound device;
  private final double thinkSeconds;
  private final double secondsAChunk;
  private final double answerSeconds;
  final List<Speech> questions = new ArrayList<>();
  int cancelled;
  boolean failing;

  /** Said over and over in place of the tone, if there is any. */
  float[] voice = {};

  /** With a clock that stands still when all times are 0. */
  ScriptedAnswers(
      VirtualSound device, double thinkSeconds, double secondsAChunk, double answerSeconds) {
    this.device = device;
    this.thinkSeconds = thinkSeconds;
    this.secondsAChunk = secondsAChunk;
    this.answerSeconds = answerSeconds;
  }

  /** Any answer of a model, as none can be made by hand. */
  static Answer anAnswer() {
    SpectronOptions options =
        SpectronOptions.builder()
            .model(new SpectronOptions.Model.RandomWeights("toy"))
            .backend("reference")
            .maxSpeechFrames(2)
            .build();
    try (Spectron toy = Spectron.open(options)) {
      return toy.answer(new float[RATE / 4], RATE);
    }
  }

  @Override
  public Flow.Publisher<AnswerEvent> apply(Speech question) {
    questions.add(question);
    return subscriber -> {
      boolean[] over = new boolean[1];
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {
              answer(subscriber, over);
            }

            @Override
            public void cancel() {
              cancelled += over[0] ? 0 : 1;
              over[0] = true;
            }
          });
    };
  }

  private void answer(Flow.Subscriber<? super AnswerEvent> subscriber, boolean[] over) {
    double at = device.now() + thinkSeconds;
    later(at, over, () -> subscriber.onNext(new AnswerEvent.TextDelta(" a tone")));
    if (failing) {
      later(
          at,
          over,
          () ->
              subscriber.onError(
                  new CapacityException("question: too long", ErrorCode.QUESTION_TOO_LONG)));
      return;
    }
    for (int position = 0; position < answerSeconds * RATE; position += CHUNK) {
      AnswerEvent chunk = new AnswerEvent.AudioChunk(position, sound(position));
      later(at, over, () -> subscriber.onNext(chunk));
      at += secondsAChunk;
    }
    later(
        at,
        over,
        () -> {
          over[0] = true;
          subscriber.onNext(new AnswerEvent.Done(ANSWER));
          subscriber.onComplete();
        });
  }

  private static final Answer ANSWER = anAnswer();

  private void later(double at, boolean[] over, Runnable work) {
    Runnable unlessOver =
        () -> {
          if (!over[0]) {
            work.run();
          }
        };
    if (thinkSeconds == 0 && secondsAChunk == 0) {
      unlessOver.run();
    } else {
      device.at(at, unlessOver);
    }
  }

  private Speech sound(int position) {
    if (voice.length == 0) {
      return tone(position);
    }
    float[] samples = new float[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      samples[i] = voice[(position + i) % voice.length];
    }
    return Speech.of(samples, RATE);
  }

  /** 400 Hz: every 2.5 ms of it has the same energy. */
  private static Speech tone(int position) {
    float[] samples = new float[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      samples[i] = (float) (LEVEL * Math.sin(2 * Math.PI * 400 * (position + i) / RATE));
    }
    return Speech.of(samples, RATE);
  }
}
