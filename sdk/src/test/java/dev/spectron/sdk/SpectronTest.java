package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.Waveform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the toy model with random weights: its answers are noise, but always the same noise. */
class SpectronTest {
  private static final int RATE = 16_000;
  private static final SpectronOptions TOY =
      SpectronOptions.builder()
          .randomWeights("toy")
          .backend("reference")
          .seed(4000)
          .maxSpeechFrames(6)
          .build();

  @TempDir private Path folder;

  @Test
  void fileStreamAndSamplesGiveTheSameAnswer() throws IOException {
    Path file = folder.resolve("question.wav");
    WavFile.write(file, new Waveform(tone(RATE), RATE));
    float[] samples = WavFile.read(file).samples();
    try (Spectron spectron = Spectron.open(TOY)) {
      Answer answer = spectron.answer(file);
      assertSame(answer, spectron.answer(samples, RATE));
      assertSame(answer, spectron.answer(new ByteArrayInputStream(Files.readAllBytes(file))));
      assertThat(answer.spectrogram().frames()).isBetween(1, 6);
      assertThat(answer.speech().sampleRate()).isEqualTo(RATE);
    }
  }

  @Test
  void aSpectronOpenedAgainGivesTheSameAnswer() {
    assertSame(ask(TOY), ask(TOY));
  }

  @Test
  void theSeedChoosesAmongSampledAnswers() {
    SpectronOptions warm = TOY.toBuilder().temperature(2).build();
    Answer first = ask(warm);
    assertSame(first, ask(warm));
    boolean differs = false;
    for (int seed = 1; seed < 4; seed++) {
      differs |= !ask(warm.toBuilder().seed(seed).build()).text().equals(first.text());
    }
    assertThat(differs).isTrue();
  }

  @Test
  void questionsOfSeveralThreadsAreAnsweredOneAfterTheOther() throws Exception {
    try (Spectron spectron = Spectron.open(TOY);
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Answer expected = spectron.answer(tone(2000), RATE);
      List<Future<Answer>> answers =
          threads.invokeAll(
              List.of(
                  () -> spectron.answer(tone(2000), RATE),
                  () -> spectron.answer(tone(2000), RATE),
                  () -> spectron.answer(tone(2000), RATE)));
      for (Future<Answer> answer : answers) {
        assertSame(expected, answer.get());
      }
    }
  }

  @Test
  void timingsAddUp() {
    Timings t = ask(TOY).timings();
    assertThat(t.total())
        .isEqualTo(t.features() + t.encode() + t.prefill() + t.text() + t.frames() + t.vocoder());
    assertThat(t.load()).isPositive();
    assertThat(t.firstAudio()).isPositive().isLessThanOrEqualTo(t.total());
    assertThat(t.realTimeFactor()).isPositive().isFinite();
  }

  @Test
  void oneFrameIsAnAnswerToo() {
    Answer answer = ask(TOY.toBuilder().maxSpeechFrames(1).build());
    assertThat(answer.spectrogram().frames()).isEqualTo(1);
    assertThat(answer.speech().seconds()).isPositive();
    assertThat(answer.timings().realTimeFactor()).isFinite();
  }

  @Test
  void anAnswerCutOffSaysSo() {
    Set<Boolean> endings = new HashSet<>();
    for (int seed : new int[] {0, 43}) {
      Answer answer = ask(TOY.toBuilder().seed(seed).maxSpeechFrames(4).build());
      endings.add(answer.ended());
      if (!answer.ended()) {
        assertThat(answer.spectrogram().frames()).as("seed %d", seed).isEqualTo(4);
      }
    }
    assertThat(endings).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void silenceNoiseAndASingleSampleEndNormally() {
    SplittableRandom random = new SplittableRandom(1);
    float[] noise = new float[RATE];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat(-1, 1);
    }
    try (Spectron spectron = Spectron.open(TOY)) {
      for (float[] question : List.of(new float[RATE], noise, new float[] {1})) {
        assertThat(spectron.answer(question, RATE).speech().seconds()).isPositive();
      }
    }
  }

  @Test
  void anyRateIsHeardTheSame() {
    try (Spectron spectron = Spectron.open(TOY)) {
      Spectrogram at16 = spectron.spectrogram(tone(RATE), RATE);
      Spectrogram at48 = spectron.spectrogram(tone(48_000), 48_000);
      assertThat(at48.frames()).isEqualTo(at16.frames());
      assertThat(spectron.answer(tone(8000), 8000).speech().seconds()).isPositive();
    }
  }

  @Test
  void aToneIsHeardInItsBin() {
    try (Spectron spectron = Spectron.open(TOY)) {
      Spectrogram heard = spectron.spectrogram(tone(RATE), RATE);
      assertThat(heard.bins()).isEqualTo(20);
      assertThat(heard.secondsPerFrame()).isEqualTo(0.0125);
      float[] values = heard.values();
      int loudest = 0;
      for (int bin = 1; bin < heard.bins(); bin++) {
        loudest = values[40 * 20 + bin] > values[40 * 20 + loudest] ? bin : loudest;
      }
      double share = mel(440) / mel(8000);
      assertThat((double) loudest).isBetween(share * 21 - 2, share * 21);
    }
  }

  @Test
  void aClosedSpectronAnswersNoMore() {
    Spectron spectron = Spectron.open(TOY);
    spectron.close();
    spectron.close();
    assertThatThrownBy(() -> spectron.answer(tone(1000), RATE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("spectron: expected an open model, found a closed one; open it again");
  }

  @Test
  void anAnswerOutlivesItsSpectronAndCannotBeChanged() {
    Answer answer = ask(TOY);
    float first = answer.speech().samples()[0];
    answer.speech().samples()[0] = 7;
    answer.spectrogram().values()[0] = 7;
    assertThat(answer.speech().samples()[0]).isEqualTo(first);
    assertThat(answer.spectrogram().values()[0]).isNotEqualTo(7);
    Path file = folder.resolve("answer.wav");
    answer.speech().writeWav(file);
    assertThat(WavFile.read(file).samples()).hasSameSizeAs(answer.speech().samples());
  }

  @Test
  void aQuestionThatIsTooLongIsNamed() {
    Path file = folder.resolve("long.wav");
    WavFile.write(file, new Waveform(new float[100 * RATE], RATE));
    try (Spectron spectron = Spectron.open(TOY)) {
      assertThatThrownBy(() -> spectron.answer(file))
          .isInstanceOf(CapacityException.class)
          .hasMessageStartingWith(file + ": question of 100.0 s: expected at most 4");
      assertThatThrownBy(() -> spectron.answer(new float[100 * RATE], RATE))
          .isInstanceOf(CapacityException.class)
          .hasMessageStartingWith("question of 100.0 s: expected at most 4");
    }
  }

  @Test
  void soundThatIsNoneIsRefused() {
    try (Spectron spectron = Spectron.open(TOY)) {
      assertThatThrownBy(() -> spectron.answer(new float[0], RATE))
          .isInstanceOf(AudioException.class)
          .hasMessage("samples: expected at least one, found none; record it again");
      assertThatThrownBy(() -> spectron.answer(new float[] {0, Float.NaN}, RATE))
          .isInstanceOf(AudioException.class)
          .hasMessage("sample 1: expected a finite number, found NaN; repair the recording");
      assertThatThrownBy(() -> spectron.answer(new float[] {0}, 0))
          .isInstanceOf(AudioException.class)
          .hasMessage("sample rate: expected 100 to 768000 Hz, found 0 Hz; pass samples a second");
      assertThatThrownBy(() -> spectron.answer(folder.resolve("none.wav")))
          .isInstanceOf(AudioException.class)
          .hasMessage(folder.resolve("none.wav") + ": no such file; check the path");
    }
  }

  @Test
  void whatCannotBeOpenedIsNamed() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Spectron.open(none))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            none + ": expected the folder of a model bundle, found nothing; check the path");
    SpectronOptions huge = TOY.toBuilder().randomWeights("spectron-9t").build();
    assertThatThrownBy(() -> Spectron.open(huge))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("configuration spectron-9t: expected one of [spectron-1b");
    SpectronOptions abacus = TOY.toBuilder().backend("abacus").build();
    assertThatThrownBy(() -> Spectron.open(abacus))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("backend abacus: expected auto or one of [");
  }

  private static Answer ask(SpectronOptions options) {
    try (Spectron spectron = Spectron.open(options)) {
      return spectron.answer(tone(4000), RATE);
    }
  }

  private static void assertSame(Answer a, Answer b) {
    assertThat(b.transcript()).isEqualTo(a.transcript());
    assertThat(b.text()).isEqualTo(a.text());
    assertThat(b.spectrogram().values()).isEqualTo(a.spectrogram().values());
    assertThat(b.speech().samples()).isEqualTo(a.speech().samples());
  }

  /** One second of 440 Hz at {@code rate}, or a part of it at 16 kHz. */
  private static float[] tone(int samples) {
    double rate = Math.max(samples, RATE);
    float[] x = new float[samples];
    for (int i = 0; i < samples; i++) {
      x[i] = (float) (0.5 * Math.sin(2 * Math.PI * 440 * i / rate));
    }
    return x;
  }

  private static double mel(double hertz) {
    return Math.log1p(hertz / 700);
  }
}
