package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.Voices;
import java.util.List;
import org.junit.jupiter.api.Test;

class MostFrequentAnswerTest {
  @Test
  void questionsOfTrainingCountOnceEach() {
    List<CorpusItem> items =
        List.of(
            item(0, Split.TRAIN, "Grass", "green"),
            item(1, Split.TRAIN, "Grass", "green"),
            item(2, Split.TRAIN, "Grass", "green"),
            item(3, Split.TRAIN, "Snow", "white"),
            item(4, Split.TRAIN, "Milk", "white"),
            item(5, Split.DEV, "Coal", "black"),
            item(6, Split.DEV, "Tar", "black"),
            item(7, Split.DEV, "Ink", "black"));
    MostFrequentAnswer answers = MostFrequentAnswer.of(items);
    assertThat(answers.to("color")).isEqualTo("white");
    assertThat(answers.to("capital")).isEmpty();
  }

  @Test
  void theAlphabetDecidesBetweenEquals() {
    MostFrequentAnswer answers =
        MostFrequentAnswer.of(
            List.of(item(0, Split.TRAIN, "Snow", "white"), item(1, Split.TRAIN, "Grass", "green")));
    assertThat(answers.to("color")).isEqualTo("green");
  }

  private static CorpusItem item(int id, Split split, String thing, String color) {
    Question question =
        new Question(
            "color",
            "color " + thing.toLowerCase(java.util.Locale.ROOT),
            "What color is " + thing + "?",
            thing + " is " + color + ".",
            color);
    return Items.corpusItem(id, split, question, Voices.ANSWER);
  }
}
