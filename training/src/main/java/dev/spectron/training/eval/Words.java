package dev.spectron.training.eval;

import java.util.Arrays;
import java.util.List;

/** The words of a text. */
public final class Words {
  private Words() {}

  /** What stands between white space; none for a blank text. */
  public static List<String> of(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? List.of() : Arrays.asList(stripped.split("\\s+"));
  }
}
