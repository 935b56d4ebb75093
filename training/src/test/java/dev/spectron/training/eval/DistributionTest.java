package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistributionTest {
  @Test
  void percentilesOfWholeNumbers() {
    double[] values = IntStream.rangeClosed(0, 100).mapToDouble(i -> 100 - i).toArray();
    Distribution distribution = Distribution.of(values);
    assertThat(distribution.count()).isEqualTo(101);
    assertThat(distribution.mean()).isCloseTo(50, within(1e-9));
    assertThat(distribution.median()).isCloseTo(50, within(1e-9));
    assertThat(distribution.low()).isBetween(4.0, 6.0);
    assertThat(distribution.high()).isBetween(94.0, 96.0);
  }

  @Test
  void nothingMeasuredIsZero() {
    assertThat(Distribution.of()).isEqualTo(new Distribution(0, 0, 0, 0, 0));
  }
}
