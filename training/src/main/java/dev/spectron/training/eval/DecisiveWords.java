package dev.spectron.training.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The words that decide whether an answer is right, with the words on either side of them; a
 * sentence boundary counts as a word. The neighbours matter: {@code is five} is not in {@code ten
 * minus five is six}, nor in {@code is twenty five}, although {@code five} is.
 *
 * @param run the words, with their neighbours
 */
record DecisiveWords(List<String> run) {
  private static final String BOUNDARY = "|";

  /**
   * Those of an answer.
   *
   * @param answer the right answer
   * @param shortAnswer what decides: words of {@code answer}. Where they occur more than once, the
   *     end of the sentence goes before its start, and its start before the middle: {@code andorra
   *     la vella is the capital of andorra}
   */
  static DecisiveWords of(String answer, String shortAnswer) {
    List<String> sentence = bounded(answer);
    List<String> decisive = Words.of(shortAnswer);
    int last = sentence.size() - 1;
    int start = last - decisive.size();
    if (start < 1 || !sentence.subList(start, last).equals(decisive)) {
      boolean first = Collections.indexOfSubList(sentence, decisive) == 1;
      start = first ? 1 : Collections.lastIndexOfSubList(sentence, decisive);
    }
    if (decisive.isEmpty() || start < 1) {
      throw new IllegalArgumentException(
          "decisive words: expected words of \"" + answer + "\", found \"" + shortAnswer + "\"");
    }
    return new DecisiveWords(List.copyOf(sentence.subList(start - 1, start + decisive.size() + 1)));
  }

  /** Whether a text holds them, side by side and in this order. */
  boolean in(String text) {
    return Collections.indexOfSubList(bounded(text), run) >= 0;
  }

  private static List<String> bounded(String text) {
    List<String> words = new ArrayList<>();
    words.add(BOUNDARY);
    words.addAll(Words.of(text));
    words.add(BOUNDARY);
    return words;
  }
}
