package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final List<Question> MINI = QuestionTable.mini();

  @Test
  void commutativeTwinsShareASide() {
    Map<String, Boolean> heldOutByText = new HashMap<>();
    ArithmeticTexts.all()
        .forEach(question -> heldOutByText.put(question.questionText(), Split.isHeldOut(question)));
    for (int a = 0; a <= 99; a++) {
      for (int b = 0; b <= 99; b++) {
        String sum = "what is " + NumberWords.of(a) + " plus " + NumberWords.of(b);
        String twin = "how much is " + NumberWords.of(b) + " plus " + NumberWords.of(a);
        assertThat(heldOutByText.get(sum)).as(sum).isNotNull().isEqualTo(heldOutByText.get(twin));
      }
    }
  }

  @Test
  void theTableAndTheTextsAgreeOnEveryKey() {
    Map<String, String> keyByText = new HashMap<>();
    ArithmeticTexts.all()
        .forEach(question -> keyByText.put(question.questionText(), question.key()));
    long shared =
        MINI.stream()
            .filter(question -> keyByText.containsKey(question.questionText()))
            .peek(
                question ->
                    assertThat(question.key()).isEqualTo(keyByText.get(question.questionText())))
            .count();
    assertThat(shared).isGreaterThan(1_300);
  }

  @Test
  void aFactIsNeverHeldOut() {
    assertThat(
            MINI.stream()
                .filter(question -> !question.key().matches("(add|sub|mul|div|next|previous) .*")))
        .hasSizeGreaterThan(500)
        .noneMatch(Split::isHeldOut);
  }

  @Test
  void aboutOneComputableQuestionInTenIsHeldOut() {
    List<Question> all = ArithmeticTexts.all();
    double share = all.stream().filter(Split::isHeldOut).count() / (double) all.size();
    assertThat(share).isBetween(0.08, 0.12);
  }

  @Test
  void aboutOneOutsideQuestionInTenIsHeldOut() {
    List<Question> all = OutsideQuestions.all();
    double share = all.stream().filter(Split::isHeldOut).count() / (double) all.size();
    assertThat(share).isBetween(0.08, 0.12);
  }

  @Test
  void theRuleIsPinned() {
    // SHA-256 of "add 2 3" starts with 0x17, of "add 0 1" with 0x2e; the bound is 0x1a
    assertThat(Split.isHeldOut("add", "add 2 3")).isTrue();
    assertThat(Split.isHeldOut("add", "add 0 1")).isFalse();
    assertThat(Split.isHeldOut("capital", "add 2 3")).isFalse();
  }

  @Test
  void trainingRefusesAHeldOutQuestion() {
    Question heldOut = MINI.stream().filter(Split::isHeldOut).findFirst().orElseThrow();
    assertThat(Split.DEV.admit(heldOut)).isSameAs(heldOut);
    assertThatThrownBy(() -> Split.TRAIN.admit(heldOut))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "split: expected a training question, found the held-out \""
                + heldOut.question()
                + "\" (key "
                + heldOut.key()
                + "); render it for dev only");
  }
}
