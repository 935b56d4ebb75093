package dev.spectron.training.eval;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * When free words count as an answer: both sides lower-case, without accents, punctuation and
 * articles, numerals as digits; right if the words of one right answer follow each other somewhere
 * in what was said. The published evaluations of spoken answers do not print their rule; this one
 * neither asks for a sentence nor gives a hit for single words of a longer answer.
 */
public final class MatchRule {
  private static final Set<String> ARTICLES = Set.of("a", "an", "the");
  private static final Map<String, Integer> SMALL =
      Map.ofEntries(
          Map.entry("zero", 0),
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("eleven", 11),
          Map.entry("twelve", 12),
          Map.entry("thirteen", 13),
          Map.entry("fourteen", 14),
          Map.entry("fifteen", 15),
          Map.entry("sixteen", 16),
          Map.entry("seventeen", 17),
          Map.entry("eighteen", 18),
          Map.entry("nineteen", 19));
  private static final Map<String, Integer> TENS =
      Map.of(
          "twenty", 20, "thirty", 30, "forty", 40, "fifty", 50, "sixty", 60, "seventy", 70,
          "eighty", 80, "ninety", 90);

  private MatchRule() {}

  /**
   * Whether something said holds an answer.
   *
   * @param said free words
   * @param answers right ones, any of them; none can be held by anything
   */
  public static boolean holds(String said, List<String> answers) {
    List<String> words = normal(said);
    return answers.stream()
        .map(MatchRule::normal)
        .anyMatch(answer -> !answer.isEmpty() && Collections.indexOfSubList(words, answer) >= 0);
  }

  /** The words that count, numerals as digits. */
  public static List<String> normal(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("(?<=\\d),(?=\\d{3})", "")
            .replaceAll("['\u2019]", "")
            .replaceAll("[^\\p{L}\\p{N}]+", " ")
            .strip();
    List<String> words = new ArrayList<>();
    for (String word : Words.of(plain)) {
      if (!ARTICLES.contains(word)) {
        words.add(word);
      }
    }
    return digits(words);
  }

  private static List<String> digits(List<String> words) {
    List<String> out = new ArrayList<>();
    int at = 0;
    while (at < words.size()) {
      Numeral numeral = numeral(words, at);
      if (numeral.words == 0) {
        out.add(words.get(at++));
      } else {
        out.add(Long.toString(numeral.value));
        at += numeral.words;
      }
    }
    return out;
  }

  /**
   * A numeral at a place in a text.
   *
   * @param value what it stands for
   * @param words how many words it takes; 0 where there is none
   */
  private record Numeral(long value, int words) {}

  /** The longest numeral from a word on: up to 999 999, {@code and} allowed behind hundreds. */
  private static Numeral numeral(List<String> words, int from) {
    Numeral below = belowThousand(words, from);
    int next = from + below.words;
    if (below.words == 0 || !word(words, next).equals("thousand")) {
      return below;
    }
    Numeral rest = belowThousand(words, next + 1);
    return new Numeral(below.value * 1000 + rest.value, below.words + 1 + rest.words);
  }

  private static Numeral belowThousand(List<String> words, int from) {
    Numeral first = belowHundred(words, from);
    int next = from + first.words;
    if (first.words == 0
        || first.value == 0
        || first.value > 9
        || !word(words, next).equals("hundred")) {
      return first;
    }
    int and = word(words, next + 1).equals("and") ? 1 : 0;
    Numeral rest = belowHundred(words, next + 1 + and);
    return rest.words == 0
        ? new Numeral(first.value * 100, first.words + 1)
        : new Numeral(first.value * 100 + rest.value, first.words + 1 + and + rest.words);
  }

  private static Numeral belowHundred(List<String> words, int from) {
    Integer tens = TENS.get(word(words, from));
    if (tens == null) {
      Integer small = SMALL.get(word(words, from));
      return small == null ? new Numeral(0, 0) : new Numeral(small, 1);
    }
    Integer unit = SMALL.get(word(words, from + 1));
    return unit == null || unit == 0 || unit > 9
        ? new Numeral(tens, 1)
        : new Numeral(tens + unit, 2);
  }

  private static String word(List<String> words, int at) {
    return at < words.size() ? words.get(at) : "";
  }
}
