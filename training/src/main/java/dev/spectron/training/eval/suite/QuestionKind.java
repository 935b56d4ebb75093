package dev.spectron.training.eval.suite;

import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.eval.Words;
import java.util.Collections;
import java.util.List;

/** What a question of a corpus is for. */
public enum QuestionKind {
  /** Of the domain, in the words of its table. */
  DOMAIN,
  /** Of the domain, in other words. */
  PARAPHRASE,
  /** Outside of the domain: the right answer is not to know. */
  OUTSIDE;

  private static final String OUTSIDE_CATEGORY = "outside";
  private static final String PARAPHRASE_MARK = "paraphrase";
  private static final List<String> NOT_KNOWING = List.of("i", "don't", "know");

  /** The kind of an item, by its category, or by the first word of its key. */
  public static QuestionKind of(CorpusItem item) {
    if (item.category().equals(OUTSIDE_CATEGORY)) {
      return OUTSIDE;
    }
    return item.category().endsWith(PARAPHRASE_MARK) || item.key().startsWith(PARAPHRASE_MARK + " ")
        ? PARAPHRASE
        : DOMAIN;
  }

  /** Whether an answer says that it knows none. */
  static boolean isNotKnowing(String text) {
    return Collections.indexOfSubList(Words.of(text), NOT_KNOWING) >= 0;
  }
}
