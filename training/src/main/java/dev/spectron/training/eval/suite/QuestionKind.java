package dev.spectron.training.eval.suite;

import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Sentences;
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
  OUTSIDE,
  /** No question: the beginning of a sentence. */
  CONTINUATION;

  private static final List<String> NOT_KNOWING = List.of("i", "don't", "know");

  /** The kind of an item. */
  public static QuestionKind of(CorpusItem item) {
    if (item.category().equals(Sentences.CATEGORY)) {
      return CONTINUATION;
    }
    if (item.fromOutside()) {
      return OUTSIDE;
    }
    return item.reworded() ? PARAPHRASE : DOMAIN;
  }

  /** Whether an answer says that it knows none. */
  static boolean isNotKnowing(String text) {
    return Collections.indexOfSubList(Words.of(text), NOT_KNOWING) >= 0;
  }
}
