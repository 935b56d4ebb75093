package dev.spectron.training.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often each item of a corpus is drawn: shares of 1. What counts is how many different answers
 * there are, not how often each was rendered: an answer asked for in three ways is no harder to
 * say.
 */
public final class Balance {
  private Balance() {}

  /** Categories by the square root of their answers, between their true shares and equal ones. */
  public static <T> double[] ofCategories(
      List<T> items, Function<T, String> category, Function<T, String> answer) {
    Map<String, Long> sizes =
        distinct(items, item -> category.apply(item) + ": " + answer.apply(item))
            .collect(Collectors.groupingBy(category, Collectors.counting()));
    return shares(items, answer, item -> sizes.get(category.apply(item)));
  }

  /**
   * Answers by the square root of how common their rarest word is among them: a name that one
   * answer holds is spoken well only if it comes up as often as a numeral.
   *
   * @param answer lower-case words, at least one
   */
  public static <T> double[] ofRarestWords(List<T> items, Function<T, String> answer) {
    Map<String, Long> sizes =
        distinct(items, answer)
            .flatMap(item -> Arrays.stream(answer.apply(item).split(" ")).distinct())
            .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
    return shares(
        items,
        answer,
        item ->
            Arrays.stream(answer.apply(item).split(" ")).mapToLong(sizes::get).min().orElseThrow());
  }

  /** The mean of two balances. */
  public static double[] mean(double[] a, double[] b) {
    double[] mean = new double[a.length];
    Arrays.setAll(mean, i -> (a[i] + b[i]) / 2);
    return mean;
  }

  private static <T> Stream<T> distinct(List<T> items, Function<T, String> key) {
    Map<String, T> first = new LinkedHashMap<>();
    items.forEach(item -> first.putIfAbsent(key.apply(item), item));
    return first.values().stream();
  }

  private static <T> double[] shares(
      List<T> items, Function<T, String> answer, Function<T, Long> size) {
    Map<String, Long> renderings =
        items.stream().collect(Collectors.groupingBy(answer, Collectors.counting()));
    double[] shares =
        items.stream()
            .mapToDouble(
                item -> 1 / Math.sqrt(size.apply(item)) / renderings.get(answer.apply(item)))
            .toArray();
    double sum = Arrays.stream(shares).sum();
    Arrays.setAll(shares, i -> shares[i] / sum);
    return shares;
  }
}
