package dev.spectron.lm;

import java.util.Arrays;

/**
 * The text of ids that come one by one. What is told is told for good: a character whose bytes are
 * not all there is held back, so that none is ever told broken. Each id decodes the few before it
 * again, not the whole text.
 */
public final class TextStream {
  private static final String BROKEN = "\uFFFD";

  private final Tokenizer tokenizer;
  private int[] ids = new int[0];
  private int told;

  /** Before the first id. */
  public TextStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Takes an id.
   *
   * @return the text that is whole by now and was not told; often empty
   */
  public String add(int id) {
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = id;
    String fresh = fresh();
    return fresh.isEmpty() || fresh.endsWith(BROKEN) ? "" : tell(fresh);
  }

  /** The rest, without a character that was cut off. Ends the text: what follows begins anew. */
  public String finish() {
    String rest = fresh();
    while (rest.endsWith(BROKEN)) {
      rest = rest.substring(0, rest.length() - BROKEN.length());
    }
    ids = new int[0];
    told = 0;
    return rest;
  }

  /** The ids told last stay, since whether a space stands before the next depends on them. */
  private String tell(String fresh) {
    int next = ids.length - told;
    ids = Arrays.copyOfRange(ids, told, ids.length);
    told = next;
    return fresh;
  }

  private String fresh() {
    String before = tokenizer.detokenize(Arrays.copyOf(ids, told));
    String all = tokenizer.detokenize(ids);
    return all.startsWith(before) ? all.substring(before.length()) : "";
  }
}
