package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArithmeticTextsTest {
  private static final List<Question> ALL = ArithmeticTexts.all();

  @Test
  void everySumAndDifferenceUpToNinetyNineIsThere() {
    assertThat(ALL.stream().filter(q -> q.key().startsWith("add "))).hasSize(2 * 100 * 100);
    assertThat(ALL.stream().filter(q -> q.key().startsWith("sub "))).hasSize(2 * 100 * 101 / 2);
  }

  @Test
  void sentencesReadAsInTheTable() {
    Set<String> lines =
        ALL.stream().map(q -> q.question() + " " + q.answer()).collect(Collectors.toSet());
    assertThat(lines)
        .contains(
            "What is ninety nine plus ninety nine? Ninety nine plus ninety nine is one hundred ninety eight.",
            "How much is forty two minus forty two? Forty two minus forty two is zero.",
            "What is one hundred forty four divided by twelve? One hundred forty four divided by twelve is twelve.",
            "What number comes before one? Zero comes before one.");
  }

  @Test
  void noTrainingTextSharesAKeyWithAHeldOutOne() {
    Set<String> heldOut =
        ALL.stream().filter(Split::isHeldOut).map(Question::key).collect(Collectors.toSet());
    Set<String> training =
        ArithmeticTexts.training().stream().map(Question::key).collect(Collectors.toSet());
    assertThat(heldOut).isNotEmpty().doesNotContainAnyElementsOf(training);
    assertThat(new HashSet<>(ALL.stream().map(Question::key).toList()))
        .hasSize(heldOut.size() + training.size());
  }

  @Test
  void numbersOutsideTheRangeAreRefused() {
    assertThat(NumberWords.of(0)).isEqualTo("zero");
    assertThat(NumberWords.of(40)).isEqualTo("forty");
    assertThat(NumberWords.of(999)).isEqualTo("nine hundred ninety nine");
    assertThatThrownBy(() -> NumberWords.of(1_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number words: expected 0 to 999, found 1000");
  }
}
