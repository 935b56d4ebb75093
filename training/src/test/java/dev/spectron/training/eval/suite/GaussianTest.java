package dev.spectron.training.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Test;

class GaussianTest {
  private static final int SIZE = 5;

  @Test
  void ofOneDimensionItIsThatOfMeansAndDeviations() {
    double[] first = {1, 4, 2, 8};
    double[] second = {-3, 5, 0.5};
    Gaussian a = new Gaussian();
    Gaussian b = new Gaussian();
    for (double x : first) {
      a.add(new double[] {x});
    }
    for (double x : second) {
      b.add(new double[] {x});
    }
    double mean = StatUtils.mean(first) - StatUtils.mean(second);
    double deviation =
        Math.sqrt(StatUtils.populationVariance(first))
            - Math.sqrt(StatUtils.populationVariance(second));
    assertThat(a.frechetDistance(b)).isCloseTo(mean * mean + deviation * deviation, within(1e-12));
  }

  @Test
  void itIsNothingToItselfAndTheSameBothWays() {
    List<double[]> first = vectors(1, 40);
    List<double[]> second = vectors(2, 31);
    assertThat(of(first).frechetDistance(of(first))).isCloseTo(0, within(1e-9));
    double there = of(first).frechetDistance(of(second));
    assertThat(there).isPositive();
    assertThat(of(second).frechetDistance(of(first))).isCloseTo(there, within(1e-9));
  }

  @Test
  void aShiftAddsItsSquareAndARotationNothing() {
    List<double[]> first = vectors(1, 40);
    List<double[]> second = vectors(2, 31);
    double distance = of(first).frechetDistance(of(second));
    List<double[]> shifted =
        first.stream().map(x -> new double[] {x[0] + 3, x[1], x[2], x[3] - 4, x[4]}).toList();
    assertThat(of(first).frechetDistance(of(shifted))).isCloseTo(25, within(1e-9));
    assertThat(of(rotated(first)).frechetDistance(of(rotated(second))))
        .isCloseTo(distance, within(1e-9));
    assertThat(of(rotated(first)).frechetDistance(of(second))).isGreaterThan(distance + 0.1);
  }

  @Test
  void framesThatNeverChangeAreNoHindrance() {
    Gaussian still = of(List.of(new double[SIZE], new double[SIZE]));
    assertThat(still.frechetDistance(of(List.of(new double[] {0, 2, 0, 0, 0})))).isEqualTo(4);
  }

  private static Gaussian of(List<double[]> vectors) {
    Gaussian gaussian = new Gaussian();
    vectors.forEach(gaussian::add);
    return gaussian;
  }

  /** Each coordinate of another scale, the second leaning on the first. */
  private static List<double[]> vectors(long seed, int count) {
    Random random = new Random(seed);
    List<double[]> vectors = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      double[] x = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        x[i] = (i + 1) * random.nextGaussian();
      }
      x[1] += x[0];
      vectors.add(x);
    }
    return vectors;
  }

  /** By a right angle in the plane of the first and the last coordinate. */
  private static List<double[]> rotated(List<double[]> vectors) {
    return vectors.stream().map(x -> new double[] {-x[4], x[1], x[2], x[3], x[0]}).toList();
  }
}
