package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.training.speaker.EqualErrorRate.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EqualErrorRateTest {
  @Test
  void knownCasesComeOutRight() {
    assertThat(rate(new double[] {3, 4}, new double[] {1, 2})).isZero();
    assertThat(rate(new double[] {1, 2}, new double[] {3, 4})).isEqualTo(1);
    assertThat(rate(new double[] {1, 2, 3}, new double[] {1, 2, 3})).isEqualTo(0.5);
    assertThat(rate(new double[] {5, 5, 5}, new double[] {5})).isEqualTo(0.5);
    // From 2 on: one of four is wrongly accepted, one of four wrongly rejected.
    assertThat(rate(new double[] {1, 3, 4, 5}, new double[] {0, 0.5, 0.7, 2}))
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void theThresholdSeparatesWhatCanBeSeparated() {
    EqualErrorRate found =
        EqualErrorRate.of(trials(new double[] {0.8, 0.7}, new double[] {0.1, 0.3}));
    assertThat(found.threshold()).isEqualTo(0.7);
  }

  @Test
  void itIsWhereTheSlowCurveCrossesTheDiagonal() {
    SplittableRandom random = new SplittableRandom(8);
    for (int count : new int[] {1, 2, 3, 17, 64, 101}) {
      for (int round = 0; round < 20; round++) {
        double shift = 2 * random.nextDouble();
        double[] same = scores(count, shift, random);
        double[] different = scores(2 * count + 1, 0, random);
        assertThat(rate(same, different)).isCloseTo(slow(same, different), within(1e-9));
      }
    }
  }

  @Test
  void aWeightIsARepetition() {
    SplittableRandom random = new SplittableRandom(9);
    List<Trial> weighted = new ArrayList<>();
    List<Trial> repeated = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double score = random.nextInt(20) + (i % 3 == 0 ? 5 : 0);
      int times = 1 + random.nextInt(4);
      weighted.add(new Trial(score, i % 3 == 0, times));
      repeated.addAll(Collections.nCopies(times, new Trial(score, i % 3 == 0, 1)));
    }
    assertThat(EqualErrorRate.of(weighted.toArray(Trial[]::new)).rate())
        .isCloseTo(EqualErrorRate.of(repeated.toArray(Trial[]::new)).rate(), within(1e-12));
  }

  @Test
  void withoutTrialsThereIsNoRate() {
    assertThatThrownBy(EqualErrorRate::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected trials of one speaker and of two, found weights 0.0 and");
  }

  /** Counts at every threshold, and walks along the line between two counts in small steps. */
  private static double slow(double[] same, double[] different) {
    TreeSet<Double> thresholds = new TreeSet<>();
    Arrays.stream(same).forEach(thresholds::add);
    Arrays.stream(different).forEach(thresholds::add);
    thresholds.add(Double.POSITIVE_INFINITY);
    double[] before = {1, 0};
    for (double threshold : thresholds) {
      double accepted = Arrays.stream(different).filter(s -> s >= threshold).count();
      double rejected = Arrays.stream(same).filter(s -> s < threshold).count();
      double[] after = {accepted / different.length, rejected / same.length};
      if (after[1] >= after[0]) {
        double low = 0;
        double high = 1;
        for (int halving = 0; halving < 60; halving++) {
          double middle = (low + high) / 2;
          boolean crossed =
              blend(before[1], after[1], middle) >= blend(before[0], after[0], middle);
          high = crossed ? middle : high;
          low = crossed ? low : middle;
        }
        return blend(before[0], after[0], high);
      }
      before = after;
    }
    throw new AssertionError("the curve ends above the diagonal");
  }

  private static double blend(double a, double b, double part) {
    return a + part * (b - a);
  }

  private static double[] scores(int count, double shift, SplittableRandom random) {
    double[] scores = new double[count];
    // Rounded, so that scores tie.
    Arrays.setAll(scores, i -> Math.round(10 * (shift + 3 * random.nextDouble())) / 10.0);
    return scores;
  }

  private static double rate(double[] same, double[] different) {
    return EqualErrorRate.of(trials(same, different)).rate();
  }

  private static Trial[] trials(double[] same, double[] different) {
    List<Trial> trials = new ArrayList<>();
    Arrays.stream(same).forEach(score -> trials.add(new Trial(score, true, 1)));
    Arrays.stream(different).forEach(score -> trials.add(new Trial(score, false, 1)));
    return trials.toArray(Trial[]::new);
  }
}
