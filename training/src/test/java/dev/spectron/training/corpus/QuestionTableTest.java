package dev.spectron.training.corpus;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuestionTableTest {
  private static final String HEADER = "category\tkey\tquestion\tanswer\tshort_answer\n";
  private static final String ROW =
      "day\tday after monday\tWhat day comes after Monday?\tTuesday comes after Monday.\tTuesday\n";

  private static final List<Question> MINI = QuestionTable.mini();

  @Test
  void theDomainIsLargeAndVaried() {
    assertThat(MINI).hasSizeGreaterThanOrEqualTo(1_500);
    assertThat(MINI.stream().map(Question::category).collect(toSet()))
        .hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void everyComputedAnswerIsRight() {
    Map<String, String> answers = new HashMap<>();
    ArithmeticTexts.all().forEach(question -> answers.put(question.question(), question.answer()));
    List<Question> computed =
        MINI.stream().filter(q -> q.key().matches("(add|sub|mul|div|next|previous) .*")).toList();
    assertThat(computed).hasSizeGreaterThan(1_300);
    assertThat(computed)
        .allSatisfy(q -> assertThat(answers.get(q.question())).isEqualTo(q.answer()));
  }

  @Test
  void phrasingsOfOneFactHaveOneAnswer() {
    Map<String, Set<String>> answers =
        MINI.stream()
            .filter(question -> question.category().equals("capital"))
            .collect(groupingBy(Question::key, mapping(Question::answer, toSet())));
    assertThat(answers).hasSizeGreaterThan(60);
    assertThat(answers.values()).allSatisfy(set -> assertThat(set).hasSize(1));
  }

  @Test
  void aMalformedRowIsNamedByItsLine() {
    assertRefused("", "table: line 1: expected the header");
    assertRefused(HEADER, "table: line 1: expected the header");
    assertRefused(HEADER + "a\tb\n", "table: line 2: expected 5 tab-separated columns, found 2");
    assertRefused(
        HEADER + ROW + ROW, "table: line 3: question repeated: What day comes after Monday?");
    assertRefused(
        HEADER + ROW.replace("day\tday", "Day\tday"),
        "table: line 2: question table: category: expected");
    assertRefused(
        HEADER + ROW.replace("?", ""), "table: line 2: question table: question: expected");
    assertRefused(
        HEADER + ROW.replace("\tTuesday\n", "\tSunday\n"),
        "table: line 2: question table: short_answer: expected");
    assertRefused(HEADER + ROW.replace("after", "åfter"), "table: line 2: ");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(message);
  }

  private static List<Question> parse(String text) throws IOException {
    return QuestionTable.parse(
        "table", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
