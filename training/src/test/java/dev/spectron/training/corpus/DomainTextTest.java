package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import org.junit.jupiter.api.Test;

class DomainTextTest {
  @Test
  void aSentenceBecomesLowerCaseWords() {
    assertThat(DomainText.normalise("What is the capital of  Port-au-Prince, Haiti?"))
        .isEqualTo("what is the capital of port au prince haiti");
  }

  @Test
  void apostrophesStay() {
    assertThat(DomainText.normalise("Saint John's.")).isEqualTo("saint john's");
  }

  @Test
  void normalTextStaysAsItIs() {
    String normal = DomainText.normalise("Twenty-two plus one is twenty-three.");
    assertThat(DomainText.normalise(normal)).isEqualTo(normal);
    assertThat(DomainText.isNormal(normal)).isTrue();
  }

  @Test
  void textThatIsNotNormalIsToldApart() {
    for (String text : new String[] {"", " a", "a ", "a  b", "A", "a.", "7", "é"}) {
      assertThat(DomainText.isNormal(text)).as(text).isFalse();
    }
  }

  @Test
  void aDigitIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> DomainText.normalise("What is 7 plus 5?"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "text: character 8 of \"What is 7 plus 5?\": expected a letter, apostrophe, space, hyphen, comma, full"
                + " stop or question mark, found U+0037; spell it out");
  }

  @Test
  void anAccentIsRefused() {
    assertThatThrownBy(() -> DomainText.normalise("Bogotá"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("character 5 of \"Bogot?\"")
        .hasMessageContaining("U+00E1");
  }

  @Test
  void textWithoutAWordOrWithoutAnEndIsRefused() {
    assertThatThrownBy(() -> DomainText.normalise(" ?"))
        .isInstanceOf(TrainingException.class)
        .hasMessage("text: expected at least one word, found \" ?\"");
    assertThatThrownBy(() -> DomainText.normalise("a".repeat(201)))
        .isInstanceOf(TrainingException.class)
        .hasMessage("text: expected at most 200 characters, found 201; shorten it");
  }
}
