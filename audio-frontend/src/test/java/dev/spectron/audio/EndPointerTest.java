package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndPointerTest {
  private static final int RATE = 16_000;
  private static final Path QUESTION =
      Path.of("..", "samples", "questions", "capital-of-france.wav");

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 24_000, 44_100, 48_000})
  void aQuestionInNoiseIsOneUtterance(int rate) {
    float[] question = Resampler.resample(WavFile.read(QUESTION), rate).samples();
    float[] sound = noise(6 * rate, 0.003, 7);
    for (int i = 0; i < question.length; i++) {
      sound[2 * rate + i] += question[i];
    }
    List<EndPointer.Edge> edges = new EndPointer(EndPointing.usual(), rate).hear(sound);
    assertThat(edges).extracting(EndPointer.Edge::begins).containsExactly(true, false);
    double[] loud = loudPart(question, rate);
    assertThat(seconds(edges.getFirst(), rate)).isBetween(2 + loud[0] - 0.03, 2 + loud[0] + 0.05);
    assertThat(seconds(edges.getLast(), rate)).isBetween(2.5 + loud[1] - 0.1, 2.5 + loud[1] + 0.15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0001, 0.01, 0.2})
  void steadyNoiseIsNoSpeech(double deviation) {
    EndPointer endPointer = new EndPointer(EndPointing.usual(), RATE);
    assertThat(endPointer.hear(noise(60 * RATE, deviation, 3))).isEmpty();
  }

  @Test
  void noiseThatStaysIsNoSpeechForEver() {
    float[] sound = noise(12 * RATE, 0.001, 5);
    System.arraycopy(noise(10 * RATE, 0.05, 6), 0, sound, 2 * RATE, 10 * RATE);
    List<EndPointer.Edge> edges = new EndPointer(EndPointing.usual(), RATE).hear(sound);
    assertThat(edges).extracting(EndPointer.Edge::begins).containsExactly(true, false);
    assertThat(seconds(edges.getLast(), RATE)).isLessThan(6);
  }

  @Test
  void theSizeOfThePiecesChangesNothing() {
    float[] sound = spoken(0.002);
    List<EndPointer.Edge> whole = new EndPointer(EndPointing.usual(), RATE).hear(sound);
    assertThat(whole).isNotEmpty();
    for (int size : new int[] {1, 7, 160, 161, 4000}) {
      EndPointer endPointer = new EndPointer(EndPointing.usual(), RATE);
      List<EndPointer.Edge> edges = new ArrayList<>();
      for (int at = 0; at < sound.length; at += size) {
        edges.addAll(
            endPointer.hear(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + size))));
      }
      assertThat(edges).as("pieces of %d", size).isEqualTo(whole);
    }
  }

  @Test
  void aPauseShorterThanTheSilenceDoesNotEndAnUtterance() {
    float[] question = WavFile.read(QUESTION).samples();
    double[] loud = loudPart(question, RATE);
    int pause = (int) ((loud[1] + 0.35) * RATE);
    float[] sound = noise(8 * RATE, 0.002, 9);
    for (int i = 0; i < question.length; i++) {
      sound[RATE + i] += question[i];
    }
    for (int i = (int) (loud[0] * RATE); i < question.length && RATE + pause + i < 8 * RATE; i++) {
      sound[RATE + pause - (int) (loud[0] * RATE) + i] += question[i];
    }
    assertThat(new EndPointer(EndPointing.usual(), RATE).hear(sound)).hasSize(2);
    assertThat(new EndPointer(new EndPointing(0.2, 30, 150), RATE).hear(sound))
        .hasSizeGreaterThan(2);
  }

  @Test
  void resetEndsTheUtteranceAndKeepsTheNoise() {
    float[] sound = spoken(0.01);
    int half = (int) (1.5 * RATE);
    EndPointer endPointer = new EndPointer(EndPointing.usual(), RATE);
    assertThat(endPointer.hear(Arrays.copyOf(sound, half))).hasSize(1);
    assertThat(endPointer.isSpeaking()).isTrue();
    assertThat(endPointer.run()).isPositive();
    endPointer.reset();
    assertThat(endPointer.isSpeaking()).isFalse();
    assertThat(endPointer.run()).isZero();
    assertThat(endPointer.hear(noise(2 * RATE, 0.01, 11))).isEmpty();
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new EndPointing(0, 30, 500))
        .hasMessage(
            "end pointing: expected a threshold above 0 and times of at least 10 ms, found 0.0, 30 ms, 500 ms");
    assertThatThrownBy(() -> new EndPointing(0.2, 9, 500)).hasMessageContaining("9 ms");
    assertThatThrownBy(() -> new EndPointing(0.2, 30, 0)).hasMessageContaining("0 ms");
    assertThatThrownBy(() -> new VoiceDetector(7999))
        .hasMessage("voice detector: expected at least 8000 Hz, found 7999 Hz; resample first");
  }

  /** A second of noise, a question, and noise to the end of 5 s. */
  private static float[] spoken(double deviation) {
    Waveform question = WavFile.read(QUESTION);
    float[] sound = noise(5 * RATE, deviation, 1);
    for (int i = 0; i < question.samples().length; i++) {
      sound[RATE + i] += question.samples()[i];
    }
    return sound;
  }

  private static float[] noise(int length, double deviation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] noise = new float[length];
    for (int i = 0; i < length; i++) {
      noise[i] = (float) (deviation * random.nextGaussian());
    }
    return noise;
  }

  /** Where the samples above a tenth of the loudest begin and end, seconds. */
  private static double[] loudPart(float[] x, int rate) {
    float peak = 0;
    for (float sample : x) {
      peak = Math.max(peak, Math.abs(sample));
    }
    int first = 0;
    while (Math.abs(x[first]) < peak / 10) {
      first++;
    }
    int last = x.length - 1;
    while (Math.abs(x[last]) < peak / 10) {
      last--;
    }
    return new double[] {first / (double) rate, last / (double) rate};
  }

  private static double seconds(EndPointer.Edge edge, int rate) {
    return edge.sample() / (double) rate;
  }
}
