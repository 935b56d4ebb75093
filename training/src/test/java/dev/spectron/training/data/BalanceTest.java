package dev.spectron.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final List<String> ITEMS =
      List.of("one plus one", "one plus two", "one plus three", "one plus four", "accra");

  @Test
  void aCategoryOfFourAnswersIsDrawnTwiceAsOftenAsOneOfOne() {
    double[] shares = Balance.ofCategories(ITEMS, text -> text.substring(0, 1), text -> text);
    assertThat(shares[0] + shares[1] + shares[2] + shares[3])
        .isCloseTo(2 * shares[4], within(1e-12));
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theRarestWordOfAnAnswerCountsOnceAnAnswer() {
    double[] shares = Balance.ofRarestWords(List.of("a b", "a c c", "a", "a d a"), text -> text);
    assertThat(shares[0]).isCloseTo(shares[1], within(1e-12));
    assertThat(shares[0]).isCloseTo(2 * shares[2], within(1e-12));
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void moreRenderingsOfAnAnswerShareItsDraws() {
    List<String> rendered = List.of("a b", "a b", "a b", "a c");
    double[] byWord = Balance.ofRarestWords(rendered, text -> text);
    assertThat(byWord)
        .containsExactly(new double[] {1 / 6.0, 1 / 6.0, 1 / 6.0, 0.5}, within(1e-12));
    double[] byCategory = Balance.ofCategories(rendered, text -> "letters", text -> text);
    assertThat(byCategory)
        .containsExactly(new double[] {1 / 6.0, 1 / 6.0, 1 / 6.0, 0.5}, within(1e-12));
  }

  @Test
  void theMeanIsBetween() {
    assertThat(Balance.mean(new double[] {1, 0}, new double[] {0.5, 0.5}))
        .containsExactly(0.75, 0.25);
  }
}
