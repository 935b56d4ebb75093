package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.Waveform;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClipShaperTest {
  private static final int RATE = ClipShaper.SAMPLE_RATE;

  private final ClipShaper shaper = new ClipShaper();

  @Test
  void anAnswerKeepsShortEdgesOnly() {
    float[] answer = shaper.answer(new Waveform(toneBetweenSilences(0.4, 1, 0.5), RATE));
    assertThat(answer.length / (double) RATE).isCloseTo(0.05 + 1 + 0.1, within(0.002));
    assertThat(Math.abs(answer[(int) (0.06 * RATE)]) + Math.abs(answer[(int) (0.06 * RATE) + 5]))
        .isGreaterThan(0.1f);
  }

  @Test
  void aQuestionStartsWithTheAskedSilence() {
    Variation variation = new Variation(1, 1, 1, 0, 0.3, Condition.CLEAN, 1);
    float[] question =
        shaper.question(new Waveform(toneBetweenSilences(0.2, 1, 0.2), RATE), variation);
    assertThat(question.length / (double) RATE)
        .isCloseTo(0.3 + 0.03 + 1 + 0.03 + 0.15, within(0.002));
    for (int i = 0; i < 0.32 * RATE; i++) {
      assertThat(question[i]).isZero();
    }
  }

  @Test
  void aLongerTractLowersTheSoundAndStretchesIt() {
    Variation variation = new Variation(1, 1, 0.9, 0, 0, Condition.CLEAN, 1);
    float[] question =
        shaper.question(new Waveform(TestTone.sine(1_000, 1, RATE, 0.4), RATE), variation);
    assertThat(variation.synthesizedRate()).isCloseTo(1 / 0.9, within(1e-12));
    assertThat(question.length / (double) RATE - 0.15).isCloseTo(1 / 0.9, within(0.002));
    float[] middle = java.util.Arrays.copyOfRange(question, 2_000, 14_000);
    assertThat(TestTone.share(middle, 900, RATE)).isCloseTo(1, within(0.01));
  }

  @Test
  void noVariationClips() {
    SplittableRandom random = new SplittableRandom(11);
    float[] spoken = toneBetweenSilences(0.1, 0.2, 0.1);
    spoken[3_000] = 1; // a crest far above the mean level
    for (int i = 0; i < 60; i++) {
      Variation variation = Variation.draw(random);
      float[] question = shaper.question(new Waveform(spoken, 22_050), variation);
      assertThat(ClipShaper.peak(question)).as(variation.toString()).isBetween(0.01f, 0.9501f);
    }
  }

  @Test
  void drawsStayInTheirRangesAndHalfAreClean() {
    SplittableRandom random = new SplittableRandom(12);
    int clean = 0;
    for (int i = 0; i < 2_000; i++) {
      Variation variation = Variation.draw(random);
      assertThat(variation.rate()).isBetween(0.85, 1.2);
      assertThat(variation.pitch()).isBetween(0.85, 1.15);
      assertThat(variation.tract()).isBetween(0.9, 1.12);
      assertThat(variation.gainDb()).isBetween(-6.0, 6.0);
      assertThat(variation.leadSeconds()).isBetween(0.0, 0.4);
      clean += variation.condition() == Condition.CLEAN ? 1 : 0;
    }
    assertThat(clean).isBetween(900, 1_100);
  }

  @Test
  void hardDrawsReachFurther() {
    SplittableRandom random = new SplittableRandom(13);
    double slowest = 1;
    double quickest = 1;
    int clean = 0;
    for (int i = 0; i < 2_000; i++) {
      Variation variation = Variation.drawHard(random);
      slowest = Math.min(slowest, variation.rate());
      quickest = Math.max(quickest, variation.rate());
      clean += variation.condition() == Condition.CLEAN ? 1 : 0;
    }
    assertThat(slowest).isBetween(0.72, 0.74);
    assertThat(quickest).isBetween(1.38, 1.4);
    assertThat(clean).isBetween(270, 400);
  }

  @Test
  void aClippedToneIsFlatWhereItWouldBeHigh() {
    float[] tone = TestTone.sine(300, 1, RATE, 0.5);
    float[] plain = question(tone, Condition.CLEAN);
    float[] clipped = question(tone, Condition.CLIPPED);
    assertThat(atPeak(plain)).isLessThan(0.15);
    assertThat(atPeak(clipped)).isGreaterThan(0.4);
  }

  private float[] question(float[] speech, Condition condition) {
    return shaper.question(new Waveform(speech, RATE), new Variation(1, 1, 1, 0, 0, condition, 3));
  }

  /** Share of samples within one percent of the peak. */
  private static double atPeak(float[] x) {
    float peak = ClipShaper.peak(x);
    int count = 0;
    for (float sample : x) {
      count += Math.abs(sample) > 0.99f * peak ? 1 : 0;
    }
    return count / (double) x.length;
  }

  private static float[] toneBetweenSilences(double before, double seconds, double after) {
    float[] tone = TestTone.sine(300, seconds, RATE, 0.5);
    float[] x = new float[(int) ((before + seconds + after) * RATE)];
    System.arraycopy(tone, 0, x, (int) (before * RATE), tone.length);
    return x;
  }
}
