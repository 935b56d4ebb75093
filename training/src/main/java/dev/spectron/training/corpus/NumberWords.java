package dev.spectron.training.corpus;

/**
 * Whole numbers in English words, without hyphens and without "and": {@code one hundred forty
 * four}.
 */
public final class NumberWords {
  private static final String[] SMALL = {
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen"
  };
  private static final String[] TENS = {
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
  };

  private NumberWords() {}

  /**
   * Spells a number.
   *
   * @param number 0 to 999
   * @throws IllegalArgumentException if the number is out of range
   */
  public static String of(int number) {
    if (number < 0 || number > 999) {
      throw new IllegalArgumentException("number words: expected 0 to 999, found " + number);
    }
    if (number < 20) {
      return SMALL[number];
    }
    if (number < 100) {
      return TENS[number / 10] + rest(number % 10);
    }
    return SMALL[number / 100] + " hundred" + rest(number % 100);
  }

  private static String rest(int number) {
    return number == 0 ? "" : " " + of(number);
  }
}
