package dev.spectron.spokenlm;

import dev.spectron.lm.Tokenizer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Text that grows token by token, told word by word: a word is told when the next one begins, since
 * until then a token may add letters to it. For tokenizers that never change a word once the next
 * has begun.
 */
final class WordDeltas {
  private final Tokenizer tokenizer;
  private final Consumer<String> listener;
  private int[] ids = new int[16];
  private int count;
  private int told;

  WordDeltas(Tokenizer tokenizer, Consumer<String> listener) {
    this.tokenizer = tokenizer;
    this.listener = listener;
  }

  void add(int id) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
    }
    ids[count++] = id;
    String text = text();
    int wordStart = text.length();
    while (wordStart > told && !Character.isWhitespace(text.charAt(wordStart - 1))) {
      wordStart--;
    }
    tell(text, wordStart - 1);
  }

  /** Tells the last word and returns the whole text. */
  String finish() {
    String text = text();
    tell(text, text.length());
    return text;
  }

  private void tell(String text, int end) {
    if (end > told) {
      listener.accept(text.substring(told, end));
      told = end;
    }
  }

  private String text() {
    return tokenizer.detokenize(Arrays.copyOf(ids, count));
  }
}
