package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.Voices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevelopmentSampleTest {
  private static final List<CorpusItem> ITEMS = items();

  @Test
  void everyStratumHasItsDue() {
    int most = 101;
    List<CorpusItem> sample = DevelopmentSample.draw(ITEMS, most, new Random(3));
    assertThat(sample).hasSize(most).doesNotHaveDuplicates();
    Map<String, Integer> drawn = countByStratum(sample);
    countByStratum(ITEMS)
        .forEach(
            (stratum, count) ->
                assertThat((double) drawn.getOrDefault(stratum, 0))
                    .as(stratum)
                    .isBetween(
                        Math.floor(count * most / (double) ITEMS.size()),
                        Math.ceil(count * most / (double) ITEMS.size())));
  }

  @Test
  void noFactComesTwiceWhereThereIsAChoice() {
    List<CorpusItem> sample = DevelopmentSample.draw(ITEMS, ITEMS.size() / 8, new Random(4));
    assertThat(sample.stream().map(item -> item.category() + item.key() + item.voiceHeldOut()))
        .doesNotHaveDuplicates();
  }

  @Test
  void theSeedAloneDecides() {
    List<CorpusItem> sample = DevelopmentSample.draw(ITEMS, 50, new Random(5));
    List<CorpusItem> reversed = DevelopmentSample.draw(ITEMS.reversed(), 50, new Random(5));
    assertThat(reversed).isEqualTo(sample);
    assertThat(DevelopmentSample.draw(ITEMS, 50, new Random(6))).isNotEqualTo(sample);
  }

  @Test
  void moreThanThereIsIsEverything() {
    List<CorpusItem> sample = DevelopmentSample.draw(ITEMS, Integer.MAX_VALUE, new Random(7));
    assertThat(sample).hasSameSizeAs(ITEMS);
    assertThat(Set.copyOf(sample)).isEqualTo(Set.copyOf(ITEMS));
  }

  private static Map<String, Integer> countByStratum(List<CorpusItem> items) {
    Map<String, Integer> counts = new HashMap<>();
    for (CorpusItem item : items) {
      counts.merge(item.category() + item.heldOut() + item.voiceHeldOut(), 1, Integer::sum);
    }
    return counts;
  }

  /** Every fifth question in two held-out voices and one of training. */
  private static List<CorpusItem> items() {
    List<CorpusItem> items = new ArrayList<>();
    List<Question> questions = QuestionTable.mini();
    for (int i = 0; i < questions.size(); i += 5) {
      Question question = questions.get(i);
      int id = items.size();
      items.add(Items.corpusItem(id, Split.DEV, question, Voices.heldOutHuman().getFirst()));
      items.add(Items.corpusItem(id + 1, Split.DEV, question, Voices.heldOutFormant().getFirst()));
      items.add(Items.corpusItem(id + 2, Split.DEV, question, Voices.ANSWER));
    }
    return items;
  }
}
