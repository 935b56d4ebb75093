package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EstimateTest {
  @Test
  void theIntervalOfManyValuesIsThatOfTheNormalDistribution() {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = random.doubles(400).map(u -> 10 + 6 * u).toArray();
    Estimate estimate = Estimate.of(values);
    double error = 1.96 * 6 / Math.sqrt(12) / 20;
    assertThat(estimate.mean()).isCloseTo(13, within(2 * error));
    assertThat(estimate.low()).isCloseTo(estimate.mean() - error, within(0.15 * error));
    assertThat(estimate.high()).isCloseTo(estimate.mean() + error, within(0.15 * error));
  }

  @Test
  void oneValueIsCertain() {
    assertThat(Estimate.of(3)).isEqualTo(new Estimate(3, 3, 3));
  }

  @Test
  void theSameValuesGiveTheSameInterval() {
    assertThat(Estimate.of(1, 2, 5, 9)).isEqualTo(Estimate.of(1, 2, 5, 9));
  }
}
