package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ParaphrasesTest {
  private static final Question FRANCE =
      new Question(
          "capital",
          "capital france",
          "What is the capital of France?",
          "The capital of France is Paris.",
          "Paris");

  @Test
  void aWordingKeepsTheFactAndItsAnswer() {
    assertThat(Paraphrases.training(List.of(FRANCE)))
        .extracting(Question::question)
        .contains(
            "Could you tell me the capital of France?",
            "Do you know the capital of France?",
            "What city is the capital of France?");
    assertThat(Paraphrases.heldOut(List.of(FRANCE)))
        .extracting(Question::key, Question::answer)
        .containsOnly(tuple(FRANCE.key(), FRANCE.answer()));
  }

  @Test
  void anArticleInsideTheSentenceIsSmall() {
    Question hague =
        new Question(
            "country-of-capital",
            "capital netherlands",
            "The Hague is the capital of which country?",
            "The Hague is the capital of the Netherlands.",
            "the Netherlands");
    assertThat(Paraphrases.training(List.of(hague)))
        .extracting(Question::question)
        .contains(
            "The Hague is the capital of what country?",
            "Which country has the capital the Hague?");
  }

  @Test
  void heldOutWordingsAreKnownByTheirText() {
    List<Question> table = QuestionTable.mini();
    assertThat(Paraphrases.heldOut(table))
        .hasSizeGreaterThan(1_000)
        .allMatch(question -> Paraphrases.isHeldOut(question.questionText()));
    assertThat(table).noneMatch(question -> Paraphrases.isHeldOut(question.questionText()));
    assertThat(Paraphrases.training(table))
        .hasSizeGreaterThan(1_500)
        .noneMatch(question -> Paraphrases.isHeldOut(question.questionText()));
    assertThat(OutsideQuestions.all())
        .noneMatch(question -> Paraphrases.isHeldOut(question.questionText()));
  }

  @Test
  void noOutsideQuestionHasAnAnswerInTheDomain() {
    Set<String> domain =
        QuestionTable.mini().stream().map(Question::questionText).collect(Collectors.toSet());
    assertThat(OutsideQuestions.all())
        .hasSizeGreaterThan(1_000)
        .noneMatch(question -> domain.contains(question.questionText()))
        .allMatch(question -> question.answerText().equals(OutsideQuestions.ANSWER));
  }
}
