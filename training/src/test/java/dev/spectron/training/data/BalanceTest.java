package dev.spectron.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final List<String> ITEMS =
      List.of("one plus one", "one plus one", "one plus one", "one plus one", "accra");

  @Test
  void aCategoryOfFourIsDrawnTwiceAsOftenAsOneOfOne() {
    double[] shares = Balance.ofCategories(ITEMS, text -> text.substring(0, 1));
    assertThat(shares[0] + shares[1] + shares[2] + shares[3])
        .isCloseTo(2 * shares[4], within(1e-12));
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theRarestWordOfAnItemCountsOnceAnItem() {
    double[] shares = Balance.ofRarestWords(List.of("a b", "a c c", "a", "a"), text -> text);
    assertThat(shares[0]).isCloseTo(shares[1], within(1e-12));
    assertThat(shares[0]).isCloseTo(2 * shares[2], within(1e-12));
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theMeanIsBetween() {
    assertThat(Balance.mean(new double[] {1, 0}, new double[] {0.5, 0.5}))
        .containsExactly(0.75, 0.25);
  }
}
