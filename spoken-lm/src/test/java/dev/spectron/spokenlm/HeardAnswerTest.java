package dev.spectron.spokenlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CancelledException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.lm.SamplingOptions;
import dev.spectron.spokenlm.AnswerOptions.Synthesis;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener hears of an answer, and how it is given up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeardAnswerTest {
  private Backend backend;
  private SpokenLmBundle bundle;
  private AnswerLoop loop;

  @BeforeAll
  void open() {
    bundle = SpokenLmBundle.random("toy", 3);
    backend = Backends.open("reference");
    loop = bundle.load(backend);
  }

  @AfterAll
  void close() {
    backend.close();
    bundle.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsHeardTogetherIsTheAnswerAndNobodyListeningChangesNothing(Synthesis synthesis) {
    AnswerOptions options = new AnswerOptions(new SamplingOptions(1, 0.99f), 4000, 60, synthesis);
    Heard heard = new Heard();
    Answer answer = loop.answer(backend, request(options), heard, Cancellation.never());
    assertThat(heard.transcript.toString()).isEqualTo(answer.transcript());
    assertThat(heard.text.toString()).isEqualTo(answer.text());
    assertThat(heard.samples()).isEqualTo(answer.speech().samples());
    assertThat(heard.stages).containsExactly(AnswerStage.values());
    Answer unheard = loop.answer(backend, hum(), options);
    assertThat(unheard.text()).isEqualTo(answer.text());
    assertThat(unheard.speech().samples()).isEqualTo(answer.speech().samples());
    assertThat(unheard.logMel().frames()).isEqualTo(answer.logMel().frames());
  }

  @Test
  void bothSynthesesSpeakTheSameFramesAndOnlyOneWaitsForTheLast() {
    Heard streamed = new Heard();
    Heard whole = new Heard();
    Answer one = loop.answer(backend, streamed(), streamed, Cancellation.never());
    AnswerOptions options = new AnswerOptions(SamplingOptions.greedy(), 4000, 60);
    Answer other = loop.answer(backend, request(options), whole, Cancellation.never());
    assertThat(one.logMel().frames()).isEqualTo(other.logMel().frames());
    assertThat(one.speech().samples()).hasSameSizeAs(other.speech().samples());
    assertThat(one.logMel().time()).as("frames, more than a block").isGreaterThan(28);
    assertThat(streamed.firstSoundAfter).isEqualTo(AnswerStage.TEXT);
    assertThat(whole.firstSoundAfter).isEqualTo(AnswerStage.FRAMES);
    assertThat(whole.parts).hasSize(1);
  }

  @Test
  void soundMadeBesideTheFramesIsThatMadeInTurn() {
    Answer inTurn = loop.answer(backend, streamed(), AnswerListener.none(), Cancellation.never());
    Heard heard = new Heard();
    Set<String> voices = ConcurrentHashMap.newKeySet();
    Answer beside = loop.answer(forTwo(voices), streamed(), heard, Cancellation.never());
    assertThat(voices).containsExactly("closed");
    assertThat(beside.speech().samples()).isEqualTo(inTurn.speech().samples());
    assertThat(heard.samples()).isEqualTo(inTurn.speech().samples());
    assertThat(heard.stages).containsExactly(AnswerStage.values());
  }

  @Test
  void soundMadeBesideTheFramesIsGivenUpWithTheAnswer() {
    for (int at : new int[] {1, 40, 400}) {
      Set<String> voices = ConcurrentHashMap.newKeySet();
      AtomicInteger left = new AtomicInteger(at);
      assertThatThrownBy(
              () ->
                  loop.answer(
                      forTwo(voices),
                      streamed(),
                      AnswerListener.none(),
                      () -> left.decrementAndGet() < 0))
          .isInstanceOf(CancelledException.class);
      assertThat(voices).contains("closed");
    }
  }

  /**
   * The back end, with another beside it.
   *
   * @param told what is asked of that one
   */
  private Backend forTwo(Set<String> told) {
    Backend other = new ReferenceBackend();
    InvocationHandler beside =
        (_, method, arguments) -> {
          told.add(method.getName().equals("close") ? "closed" : method.getName());
          return call(other, method, arguments);
        };
    InvocationHandler handler =
        (_, method, arguments) ->
            method.getName().equals("beside")
                ? List.of(proxy(beside))
                : call(backend, method, arguments);
    return proxy(handler);
  }

  private static Backend proxy(InvocationHandler handler) {
    Class<?>[] types = {Backend.class};
    return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), types, handler);
  }

  private static Object call(Backend backend, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(backend, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void anAnswerIsGivenUpWhereverItIs() {
    AtomicInteger asked = new AtomicInteger();
    Heard all = new Heard();
    Answer expected = loop.answer(backend, streamed(), all, () -> asked.incrementAndGet() < 0);
    int steps = expected.logMel().time() / bundle.config().nets().reductionFactor();
    assertThat(asked.get()).isGreaterThan(steps);
    for (int at : new int[] {1, 2, 40, asked.get() / 2, asked.get() - 1}) {
      AtomicInteger left = new AtomicInteger(at);
      Heard some = new Heard();
      assertThatThrownBy(
              () -> loop.answer(backend, streamed(), some, () -> left.decrementAndGet() < 0))
          .isInstanceOf(CancelledException.class);
      assertThat(left.get()).as("asked no more once it said yes").isEqualTo(-1);
    }
    Answer again = loop.answer(backend, streamed(), AnswerListener.none(), Cancellation.never());
    assertThat(again.speech().samples()).isEqualTo(expected.speech().samples());
  }

  @Test
  void afterACancellationNothingMoreIsHeard() {
    AtomicBoolean cancelled = new AtomicBoolean();
    Heard heard =
        new Heard() {
          @Override
          public void speech(long position, float[] samples, int sampleRate) {
            super.speech(position, samples, sampleRate);
            cancelled.set(true);
          }
        };
    assertThatThrownBy(() -> loop.answer(backend, streamed(), heard, cancelled::get))
        .isInstanceOf(CancelledException.class);
    assertThat(heard.parts).hasSize(1);
  }

  @Test
  void theTimeAListenerTakesIsInNoStage() {
    AnswerListener slow =
        new AnswerListener() {
          @Override
          public void stage(AnswerStage stage, double milliseconds) {
            try {
              Thread.sleep(20);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    long start = System.nanoTime();
    Answer answer = loop.answer(backend, streamed(), slow, Cancellation.never());
    double passed = (System.nanoTime() - start) / 1e6;
    assertThat(passed - answer.timings().total()).isGreaterThan(6 * 20 - 1);
  }

  private static AnswerRequest streamed() {
    return request(new AnswerOptions(SamplingOptions.greedy(), 4000, 60, Synthesis.STREAMED));
  }

  private static AnswerRequest request(AnswerOptions options) {
    return new AnswerRequest(hum(), List.of(), options);
  }

  private static Waveform hum() {
    float[] samples = new float[9600];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * 220 * i / 16_000));
    }
    return new Waveform(samples, 16_000);
  }

  /** Keeps everything and checks its order. */
  private static class Heard implements AnswerListener {
    final StringBuilder transcript = new StringBuilder();
    final StringBuilder text = new StringBuilder();
    final List<AnswerStage> stages = new ArrayList<>();
    final List<float[]> parts = new ArrayList<>();
    AnswerStage firstSoundAfter = AnswerStage.VOCODER;
    private long position;

    @Override
    public void transcript(String words) {
      assertThat(words).isNotEmpty();
      assertThat(text).isEmpty();
      transcript.append(words);
    }

    @Override
    public void text(String words) {
      assertThat(words).isNotEmpty();
      assertThat(parts).isEmpty();
      text.append(words);
    }

    @Override
    public void stage(AnswerStage stage, double milliseconds) {
      assertThat(milliseconds).isNotNegative();
      stages.add(stage);
    }

    @Override
    public void speech(long at, float[] samples, int sampleRate) {
      assertThat(at).isEqualTo(position);
      assertThat(samples).isNotEmpty();
      assertThat(sampleRate).isEqualTo(16_000);
      if (parts.isEmpty()) {
        firstSoundAfter = stages.getLast();
      }
      parts.add(samples);
      position += samples.length;
    }

    float[] samples() {
      float[] all = new float[(int) position];
      int at = 0;
      for (float[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }
  }
}
