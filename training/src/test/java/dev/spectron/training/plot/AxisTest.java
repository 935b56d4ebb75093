package dev.spectron.training.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {
  @Test
  void timesStandAtRoundDistances() {
    assertThat(Axis.times(2.56, 10))
        .extracting(Axis.Tick::text)
        .containsExactly("0.0", "0.5", "1.0", "1.5", "2.0", "2.5");
    assertThat(Axis.times(20, 10))
        .extracting(Axis.Tick::text)
        .containsExactly("0", "2", "4", "6", "8", "10", "12", "14", "16", "18", "20");
    assertThat(Axis.times(0.1, 10)).extracting(Axis.Tick::text).contains("0.00", "0.05", "0.10");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 0.99, 1, 1.01, 7, 19, 21, 599})
  void thereAreNeverTooManyTimes(double seconds) {
    assertThat(Axis.times(seconds, 10)).hasSizeBetween(4, 11);
  }

  @Test
  void frequenciesStandWhereTheMelScalePutsThem() {
    assertThat(Axis.frequencies(20, 8000))
        .extracting(Axis.Tick::text)
        .containsExactly("0.25", "0.5", "1", "2", "4", "8");
    assertThat(Axis.frequencies(20, 8000).getLast().value()).isEqualTo(1);
    double thousand = 2595 * Math.log10(1 + 1000 / 700.0);
    double end = 2595 * Math.log10(1 + 8000 / 700.0);
    assertThat(Axis.melShare(1000, 0, 8000)).isCloseTo(thousand / end, within(1e-12));
  }
}
