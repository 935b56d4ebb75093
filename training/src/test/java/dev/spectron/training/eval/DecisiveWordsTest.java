package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecisiveWordsTest {
  @Test
  void theWordsMustStandBetweenTheirNeighbours() {
    DecisiveWords five = DecisiveWords.of("ten minus five is five", "five");
    assertThat(five.in("ten minus five is five")).isTrue();
    assertThat(five.in("eleven minus six is five")).isTrue();
    assertThat(five.in("ten minus five is six")).isFalse();
    assertThat(five.in("ten minus five is twenty five")).isFalse();
    assertThat(five.in("ten minus five is five hundred")).isFalse();
    assertThat(five.in("")).isFalse();
  }

  @Test
  void theEndGoesBeforeTheStartAndTheStartBeforeTheMiddle() {
    assertThat(DecisiveWords.of("andorra la vella is the capital of andorra", "andorra").run())
        .isEqualTo(List.of("of", "andorra", "|"));
    assertThat(DecisiveWords.of("twenty comes before twenty one", "twenty").run())
        .isEqualTo(List.of("|", "twenty", "comes"));
    assertThat(DecisiveWords.of("a dog has four legs", "four").run())
        .isEqualTo(List.of("has", "four", "legs"));
  }

  @Test
  void everyAnswerOfTheDomainIsRightByItsOwnWords() {
    everyQuestion()
        .forEach(
            question ->
                assertThat(decisive(question).in(question.answerText()))
                    .as(question.answer())
                    .isTrue());
  }

  /** What a judge must not let pass: the right words of a question's own repetition. */
  @Test
  void neighboursOfNumbersAreDecidedAtTheStart() {
    Set<String> atStart = Set.of("next-number", "previous-number", "day", "month");
    everyQuestion()
        .filter(question -> atStart.contains(question.category()))
        .forEach(
            question ->
                assertThat(decisive(question).run().getFirst())
                    .as(question.answer())
                    .isEqualTo("|"));
  }

  @Test
  void sumsAreDecidedAtTheEnd() {
    Set<String> atEnd = Set.of("add", "add-large", "sub", "sub-large", "mul", "div");
    everyQuestion()
        .filter(question -> atEnd.contains(question.category()))
        .forEach(
            question -> {
              List<String> run = decisive(question).run();
              assertThat(run.getFirst()).as(question.answer()).isEqualTo("is");
              assertThat(run.getLast()).as(question.answer()).isEqualTo("|");
            });
  }

  @Test
  void wordsThatAreNotInTheAnswerAreRefused() {
    assertThatThrownBy(() -> DecisiveWords.of("the sky is blue", "green"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decisive words: expected words of \"the sky is blue\", found \"green\"");
    assertThatThrownBy(() -> DecisiveWords.of("the sky is blue", " "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Stream<Question> everyQuestion() {
    return Stream.concat(QuestionTable.mini().stream(), ArithmeticTexts.all().stream());
  }

  private static DecisiveWords decisive(Question question) {
    return DecisiveWords.of(question.answerText(), question.shortAnswerText());
  }
}
