package dev.spectron.spokenlm;

import dev.spectron.lm.TextStream;
import dev.spectron.lm.Tokenizer;
import java.util.function.Consumer;

/**
 * Text that grows token by token, told word by word: a word is told when the next one begins, since
 * until then a token may add letters to it.
 */
final class WordDeltas {
  private final TextStream stream;
  private final Consumer<String> listener;
  private final StringBuilder text = new StringBuilder();
  private int told;

  WordDeltas(Tokenizer tokenizer, Consumer<String> listener) {
    this.stream = new TextStream(tokenizer);
    this.listener = listener;
  }

  void add(int id) {
    text.append(stream.add(id));
    int wordStart = text.length();
    while (wordStart > told && !Character.isWhitespace(text.charAt(wordStart - 1))) {
      wordStart--;
    }
    tell(wordStart - 1);
  }

  /** Tells the last word and returns the whole text. */
  String finish() {
    text.append(stream.finish());
    tell(text.length());
    return text.toString();
  }

  private void tell(int end) {
    if (end > told) {
      listener.accept(text.substring(told, end));
      told = end;
    }
  }
}
