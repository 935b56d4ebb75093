package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.training.corpus.NumberWords;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchRuleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "the capital of france is paris|Paris|true",
        "It's William Shakespeare, of course.|william shakespeare|true",
        "william the second shakespeare|William Shakespeare|false",
        "it is a dog|the dog|true",
        "twenty five|5|false",
        "twenty five|25|true",
        "there are fifty two weeks|52|true",
        "in nineteen sixty nine|1969|false",
        "one hundred and five|105|true",
        "twelve thousand three hundred forty five|12,345|true",
        "1,000 metres|one thousand|true",
        "Bogotá|bogota|true",
        "hundreds|100|false",
        "paris|''|false"
      })
  void anAnswerIsHeldOrNot(String said, String answer, boolean held) {
    assertThat(MatchRule.holds(said, List.of(answer))).isEqualTo(held);
  }

  @Test
  void anyRightAnswerWillDo() {
    assertThat(MatchRule.holds("the usa", List.of("United States", "USA"))).isTrue();
    assertThat(MatchRule.holds("anything", List.of())).isFalse();
  }

  @Test
  void everyNumeralOfTheDomainBecomesItsDigits() {
    for (int n = 0; n < 1000; n++) {
      assertThat(MatchRule.normal(NumberWords.of(n))).containsExactly(Integer.toString(n));
    }
  }

  @Test
  void neighbouringNumeralsStayApart() {
    assertThat(MatchRule.normal("one two thirty four hundred"))
        .containsExactly("1", "2", "34", "hundred");
    assertThat(MatchRule.normal("zero one hundred and a half"))
        .containsExactly("0", "100", "and", "half");
  }
}
