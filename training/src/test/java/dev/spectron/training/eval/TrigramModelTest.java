package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TrigramModelTest {
  private static final double ROUNDING = 2e-4; // six decimals of a logarithm, summed over words

  @Test
  void whatFollowsEachHistorySumsToOne() {
    long seed = System.nanoTime();
    List<String> sentences = sentences(seed);
    TrigramModel model = TrigramModel.of(sentences);
    List<String> vocabulary = vocabulary(sentences);
    for (String history : histories(vocabulary)) {
      double sum = 0;
      for (String word : vocabulary) {
        double probability = model.probability(history, word);
        assertThat(probability).as("seed %d: %s | %s", seed, word, history).isPositive();
        sum += probability;
      }
      assertThat(sum).as("seed %d: | %s", seed, history).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void probabilitiesAreThoseOfTheFormula() {
    long seed = System.nanoTime();
    List<String> sentences = sentences(seed);
    TrigramModel model = TrigramModel.of(sentences);
    List<String> vocabulary = vocabulary(sentences);
    for (String history : histories(vocabulary)) {
      for (String word : vocabulary) {
        assertThat(model.probability(history, word))
            .as("seed %d: %s | %s", seed, word, history)
            .isCloseTo(formula(sentences, vocabulary, history, word), within(1e-12));
      }
    }
  }

  /** Counted by hand: D = 1 / (1 + 2 · 1) for words, 7 / (7 + 2 · 1) for pairs. */
  @Test
  void aSmallModelIsCountedByHand() {
    TrigramModel model = TrigramModel.of(List.of("a b", "a c", "b a"));
    // Nine words: a 3, b 2, c 1, end 3.
    double uniform = 4 / 9.0 / 3 / 4;
    double a = (3 - 1 / 3.0) / 9 + uniform;
    assertThat(model.probability("", "a")).isCloseTo(a, within(1e-12));
    // Pairs: start-a 2, start-b 1, a-b 1, a-c 1, a-end 1, b-end 1, b-a 1, c-end 1.
    double discount = 7 / 9.0;
    double startA = (2 - discount) / 3 + discount * 2 / 3 * a;
    assertThat(model.probability("<s>", "a")).isCloseTo(startA, within(1e-12));
    assertThat(model.backOff("<s>")).isCloseTo(discount * 2 / 3, within(1e-12));
    assertThat(model.backOff("c b")).isEqualTo(1);
  }

  @Test
  void anArpaReaderFindsTheSameProbabilities() throws IOException {
    long seed = System.nanoTime();
    List<String> sentences = sentences(seed);
    TrigramModel model = TrigramModel.of(sentences);
    StringBuilder text = new StringBuilder();
    model.writeArpa(text);
    Arpa arpa = new Arpa(text.toString());
    List<String> vocabulary = vocabulary(sentences);
    for (String history : histories(vocabulary)) {
      double sum = 0;
      for (String word : vocabulary) {
        double probability = arpa.probability(history, word);
        sum += probability;
        double expected = model.probability(history, word);
        assertThat(probability)
            .as("seed %d: %s | %s", seed, word, history)
            .isCloseTo(expected, within(1e-5 * expected));
      }
      assertThat(sum).as("seed %d: | %s", seed, history).isCloseTo(1, within(ROUNDING));
    }
  }

  @Test
  void arpaTextIsTheFormatOfTheTools() throws IOException {
    StringBuilder text = new StringBuilder();
    TrigramModel.of(List.of("a")).writeArpa(text);
    assertThat(text.toString())
        .isEqualTo(
            """
            \\data\\
            ngram 1=3
            ngram 2=2
            ngram 3=1

            \\1-grams:
            -99\t<s>\t-0.045757
            -0.301030\t</s>
            -0.301030\ta\t-0.045757

            \\2-grams:
            -0.259637\t<s> a\t-0.045757
            -0.259637\ta </s>

            \\3-grams:
            -0.225483\t<s> a </s>

            \\end\\
            """);
  }

  @Test
  void whatIsNoNormalTextIsRefused() {
    assertThatThrownBy(() -> TrigramModel.of(List.of()))
        .isInstanceOf(TrainingException.class)
        .hasMessage("language model: expected at least one sentence, found none");
    assertThatThrownBy(() -> TrigramModel.of(List.of("a\n\\end\\")))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("language model: expected normalised text, found");
  }

  private static List<String> sentences(long seed) {
    Random random = new Random(seed);
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<String> words = new ArrayList<>();
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        // Squared, so that words differ in frequency.
        words.add(
            List.of("a", "b", "c", "d", "e").get((int) (5 * Math.pow(random.nextDouble(), 2))));
      }
      sentences.add(String.join(" ", words));
    }
    return sentences;
  }

  private static List<String> vocabulary(List<String> sentences) {
    TreeSet<String> words = new TreeSet<>();
    sentences.forEach(sentence -> words.addAll(List.of(sentence.split(" "))));
    List<String> vocabulary = new ArrayList<>(words);
    vocabulary.add("</s>");
    return vocabulary;
  }

  /** Every history of up to two words, those that never occur too. */
  private static List<String> histories(List<String> vocabulary) {
    List<String> words = new ArrayList<>(vocabulary);
    words.remove("</s>");
    List<String> histories = new ArrayList<>(List.of("", "<s>"));
    for (String word : words) {
      histories.add(word);
      histories.add("<s> " + word);
      words.forEach(next -> histories.add(word + " " + next));
    }
    return histories;
  }

  /** The formula, counting from the sentences each time. */
  private static double formula(
      List<String> sentences, List<String> vocabulary, String history, String word) {
    String shorter = history.contains(" ") ? history.substring(history.indexOf(' ') + 1) : "";
    double below =
        history.isEmpty() ? 1.0 / vocabulary.size() : formula(sentences, vocabulary, shorter, word);
    double total = 0;
    double kinds = 0;
    for (String next : vocabulary) {
      int count = count(sentences, history, next);
      total += count;
      kinds += count > 0 ? 1 : 0;
    }
    if (total == 0) {
      return below;
    }
    double discount = discount(sentences, vocabulary, history);
    return Math.max(count(sentences, history, word) - discount, 0) / total
        + discount * kinds / total * below;
  }

  private static double discount(List<String> sentences, List<String> vocabulary, String history) {
    int words = history.isEmpty() ? 0 : history.split(" ").length;
    double once = 0;
    double twice = 0;
    for (String other : histories(vocabulary)) {
      if ((other.isEmpty() ? 0 : other.split(" ").length) == words) {
        for (String next : vocabulary) {
          int count = count(sentences, other, next);
          once += count == 1 ? 1 : 0;
          twice += count == 2 ? 1 : 0;
        }
      }
    }
    return once == 0 ? 0.1 : Math.clamp(once / (once + 2 * twice), 0.1, 0.9);
  }

  private static int count(List<String> sentences, String history, String word) {
    String run = (" " + history + " " + word + " ").replaceAll(" +", " ");
    int count = 0;
    for (String sentence : sentences) {
      String text = " <s> " + sentence + " </s> ";
      for (int at = text.indexOf(run); at >= 0; at = text.indexOf(run, at + 1)) {
        count++;
      }
    }
    return count;
  }

  /** A reader that does what the format says, word by word. */
  private static final class Arpa {
    private final Map<String, Double> logarithms = new HashMap<>();
    private final Map<String, Double> backOffs = new HashMap<>();

    Arpa(String text) {
      for (String line : text.lines().toList()) {
        String[] columns = line.split("\t", -1);
        if (columns.length >= 2) {
          logarithms.put(columns[1], Double.valueOf(columns[0]));
          if (columns.length == 3) {
            backOffs.put(columns[1], Double.valueOf(columns[2]));
          }
        }
      }
    }

    double probability(String history, String word) {
      String run = history.isEmpty() ? word : history + " " + word;
      if (logarithms.containsKey(run)) {
        return Math.pow(10, logarithms.get(run));
      }
      String shorter = history.contains(" ") ? history.substring(history.indexOf(' ') + 1) : "";
      return Math.pow(10, backOffs.getOrDefault(history, 0.0)) * probability(shorter, word);
    }
  }
}
