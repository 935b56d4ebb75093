package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.corpus.DomainText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How likely a word is after the two before it: absolute discounting, interpolated with the next
 * shorter history down to a uniform distribution,
 *
 * <pre>P(w | h) = max(c(h w) − D, 0) / c(h) + D · n(h) / c(h) · P(w | h′)</pre>
 *
 * in which c counts, n(h) is the number of different words after h, h′ is h without its first word,
 * and D = n₁ / (n₁ + 2 n₂) for each length, n₁ and n₂ being the numbers of runs seen once and
 * twice. Source: Ney, Essen and Kneser 1994, "On structuring probabilistic dependences in
 * stochastic language modelling", section 4. Immutable.
 */
final class TrigramModel {
  private static final int ORDER = 3;
  private static final String START = "<s>";
  private static final String END = "</s>";

  private final List<RunLength> lengths;
  private final int vocabulary;

  private TrigramModel(List<RunLength> lengths) {
    this.lengths = lengths;
    this.vocabulary = lengths.getFirst().counts.size();
  }

  /**
   * Counts the runs of words.
   *
   * @param sentences in {@link DomainText} form, at least one
   * @throws TrainingException if there is none or one is not in that form
   */
  static TrigramModel of(Collection<String> sentences) {
    if (sentences.isEmpty()) {
      throw new TrainingException("language model: expected at least one sentence, found none");
    }
    List<SortedMap<String, Integer>> counts =
        List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    for (String sentence : sentences) {
      if (!DomainText.isNormal(sentence)) {
        throw new TrainingException(
            "language model: expected normalised text, found \"" + sentence + "\"");
      }
      count(sentence, counts);
    }
    return new TrigramModel(counts.stream().map(RunLength::new).toList());
  }

  /**
   * P(word | history).
   *
   * @param history up to two words, the last one last, with single spaces; {@code <s>} is the start
   *     of a sentence
   * @param word one of the vocabulary, or {@code </s>}
   */
  double probability(String history, String word) {
    if (history.isEmpty()) {
      return lengths.getFirst().seen("", word) + backOff("") / vocabulary;
    }
    return lengths.get(Words.of(history).size()).seen(history, word)
        + backOff(history) * probability(shortened(history), word);
  }

  /** The weight of the next shorter history after {@code history}; 1 if it was never seen. */
  double backOff(String history) {
    return lengths.get(Words.of(history).size()).backOff(history);
  }

  /** Writes the model in the ARPA format, base-10 logarithms, runs in alphabetical order. */
  void writeArpa(Appendable out) throws IOException {
    out.append("\\data\\\n");
    for (int n = 1; n <= ORDER; n++) {
      int runs = lengths.get(n - 1).counts.size() + (n == 1 ? 1 : 0);
      out.append("ngram " + n + "=" + runs + "\n");
    }
    for (int n = 1; n <= ORDER; n++) {
      out.append("\n\\" + n + "-grams:\n");
      if (n == 1) {
        // Never predicted, but a history: −99 is the format's logarithm of 0.
        out.append("-99\t" + START + backOffColumn(START) + "\n");
      }
      for (String run : lengths.get(n - 1).counts.keySet()) {
        int space = run.lastIndexOf(' ');
        String history = space < 0 ? "" : run.substring(0, space);
        out.append(logarithm(probability(history, run.substring(space + 1))));
        out.append("\t" + run + (n < ORDER ? backOffColumn(run) : "") + "\n");
      }
    }
    out.append("\n\\end\\\n");
  }

  private String backOffColumn(String history) {
    double weight = backOff(history);
    return weight == 1 ? "" : "\t" + logarithm(weight);
  }

  private static String logarithm(double value) {
    return String.format(Locale.ROOT, "%.6f", Math.log10(value));
  }

  private static void count(String sentence, List<SortedMap<String, Integer>> counts) {
    List<String> words = new ArrayList<>();
    words.add(START);
    words.addAll(Words.of(sentence));
    words.add(END);
    for (int last = 1; last < words.size(); last++) {
      for (int n = 1; n <= Math.min(ORDER, last + 1); n++) {
        String run = String.join(" ", words.subList(last + 1 - n, last + 1));
        counts.get(n - 1).merge(run, 1, Integer::sum);
      }
    }
  }

  private static String shortened(String history) {
    return history.substring(
        history.indexOf(' ') + 1 == 0 ? history.length() : history.indexOf(' ') + 1);
  }

  /** Runs of one length: how often each was seen, and what followed each history. */
  private static final class RunLength {
    private static final double LEAST_DISCOUNT = 0.1;
    private static final double LARGEST_DISCOUNT = 0.9;

    private final SortedMap<String, Integer> counts;
    private final Map<String, Integer> historyCounts = new TreeMap<>();
    private final Map<String, Integer> followers = new TreeMap<>();
    private final double discount;

    RunLength(SortedMap<String, Integer> counts) {
      this.counts = counts;
      long once = 0;
      long twice = 0;
      for (Map.Entry<String, Integer> run : counts.entrySet()) {
        int space = run.getKey().lastIndexOf(' ');
        String history = space < 0 ? "" : run.getKey().substring(0, space);
        historyCounts.merge(history, run.getValue(), Integer::sum);
        followers.merge(history, 1, Integer::sum);
        once += run.getValue() == 1 ? 1 : 0;
        twice += run.getValue() == 2 ? 1 : 0;
      }
      // Few runs can leave nothing, or everything, to shorter histories: neither is believed.
      this.discount =
          once == 0
              ? LEAST_DISCOUNT
              : Math.clamp(once / (once + 2.0 * twice), LEAST_DISCOUNT, LARGEST_DISCOUNT);
    }

    double seen(String history, String word) {
      Integer count = counts.get(history.isEmpty() ? word : history + " " + word);
      return count == null ? 0 : (count - discount) / historyCounts.get(history);
    }

    double backOff(String history) {
      Integer count = historyCounts.get(history);
      return count == null ? 1 : discount * followers.get(history) / count;
    }
  }
}
