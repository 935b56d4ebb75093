package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.TrainingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTest {
  /** Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void intervalsArePublishedOnes(int right, int total, double low, double high) {
    Share share = new Share(right, total);
    assertThat(share.low()).isCloseTo(low, within(5e-5));
    assertThat(share.high()).isCloseTo(high, within(5e-5));
    Share opposite = new Share(total - right, total);
    assertThat(opposite.low()).isCloseTo(1 - high, within(5e-5));
    assertThat(opposite.high()).isCloseTo(1 - low, within(5e-5));
  }

  @Test
  void nothingMeasuredSaysNothing() {
    Share none = new Share(0, 0);
    assertThat(none.measured()).isFalse();
    assertThat(none.value()).isZero();
    assertThat(none.low()).isZero();
    assertThat(none.high()).isEqualTo(1);
  }

  @Test
  void moreRightThanTriedIsRefused() {
    assertThatThrownBy(() -> new Share(3, 2))
        .isInstanceOf(TrainingException.class)
        .hasMessage("share: expected 0 to total right, found 3 of 2");
  }
}
