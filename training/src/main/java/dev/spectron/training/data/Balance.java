package dev.spectron.training.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How often each item of a corpus is drawn: shares of 1. */
public final class Balance {
  private Balance() {}

  /** Categories by the square root of their size, between their true shares and equal ones. */
  public static <T> double[] ofCategories(List<T> items, Function<T, String> category) {
    Map<String, Long> sizes =
        items.stream().collect(Collectors.groupingBy(category, Collectors.counting()));
    return shares(items, item -> sizes.get(category.apply(item)));
  }

  /**
   * Each item by the square root of how common its rarest word is: a name that one answer holds is
   * spoken well only if it comes up as often as a numeral.
   *
   * @param text lower-case words, at least one
   */
  public static <T> double[] ofRarestWords(List<T> items, Function<T, String> text) {
    Map<String, Long> sizes =
        items.stream()
            .flatMap(item -> Arrays.stream(text.apply(item).split(" ")).distinct())
            .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
    return shares(
        items,
        item ->
            Arrays.stream(text.apply(item).split(" ")).mapToLong(sizes::get).min().orElseThrow());
  }

  /** The mean of two balances. */
  public static double[] mean(double[] a, double[] b) {
    double[] mean = new double[a.length];
    Arrays.setAll(mean, i -> (a[i] + b[i]) / 2);
    return mean;
  }

  private static <T> double[] shares(List<T> items, Function<T, Long> size) {
    double[] shares = items.stream().mapToDouble(item -> 1 / Math.sqrt(size.apply(item))).toArray();
    double sum = Arrays.stream(shares).sum();
    Arrays.setAll(shares, i -> shares[i] / sum);
    return shares;
  }
}
