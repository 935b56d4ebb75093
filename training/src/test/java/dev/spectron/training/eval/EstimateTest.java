package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
  void aRatioIsOfTheSumsAndItemsAreDrawnWhole() {
    Estimate ratio = Estimate.ofRatio(new double[] {1, 0, 3}, new double[] {2, 4, 2});
    assertThat(ratio.mean()).isEqualTo(0.5);
    assertThat(ratio.low()).isZero();
    assertThat(ratio.high()).isEqualTo(1.5);
    double[] values = {1, 2, 5, 9};
    double[] twos = {2, 2, 2, 2};
    Estimate mean = Estimate.of(values);
    assertThat(Estimate.ofRatio(values, twos))
        .isEqualTo(new Estimate(mean.mean() / 2, mean.low() / 2, mean.high() / 2));
    assertThat(Estimate.ofRatio(new double[2], new double[2])).isEqualTo(new Estimate(0, 0, 0));
    assertThatThrownBy(() -> Estimate.ofRatio(new double[1], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("estimate: expected as many parts as wholes and at least one, found 1 and 2");
  }

  @Test
  void theSameValuesGiveTheSameInterval() {
    assertThat(Estimate.of(1, 2, 5, 9)).isEqualTo(Estimate.of(1, 2, 5, 9));
  }
}
