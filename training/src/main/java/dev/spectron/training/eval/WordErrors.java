package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import java.util.List;

/**
 * Words inserted, left out or replaced, against words that were due: the word error rate and what
 * it is made of.
 *
 * @param errors least number of changes that make the reference of what was found
 * @param words words of the reference
 */
public record WordErrors(long errors, long words) {
  /** Nothing measured. */
  public static final WordErrors NONE = new WordErrors(0, 0);

  /**
   * Checks the counts.
   *
   * @throws TrainingException if one is negative
   */
  public WordErrors {
    if (errors < 0 || words < 0) {
      throw new TrainingException(
          "word errors: expected counts of at least 0, found " + errors + " of " + words);
    }
  }

  /** Errors of one text against its reference. Source: Levenshtein 1966. */
  public static WordErrors between(String reference, String found) {
    List<String> due = Words.of(reference);
    List<String> words = Words.of(found);
    int[] row = new int[words.size() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= due.size(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (due.get(i - 1).equals(words.get(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return new WordErrors(row[words.size()], due.size());
  }

  /**
   * Errors of words that should be the end of a text, wherever in it they begin: against the tail
   * that fits them best, the longest of equals. What counts as due is what was found.
   */
  public static WordErrors atEndOf(String text, String found) {
    List<String> words = Words.of(text);
    long least = Long.MAX_VALUE;
    for (int from = 0; from <= words.size(); from++) {
      String tail = String.join(" ", words.subList(from, words.size()));
      least = Math.min(least, between(tail, found).errors());
    }
    return new WordErrors(least, Words.of(found).size());
  }

  /** Both together. */
  public WordErrors plus(WordErrors other) {
    return new WordErrors(errors + other.errors, words + other.words);
  }

  /** Errors for each word that was due; above 1 where much was inserted; 0 without words. */
  public double rate() {
    return words == 0 ? 0 : errors / (double) words;
  }
}
