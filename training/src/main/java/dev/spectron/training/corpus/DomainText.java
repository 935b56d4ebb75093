package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.Locale;

/**
 * The text form that the model reads and writes: letters a to z, apostrophe, and single spaces
 * between words. The punctuated sentence is kept beside it for the synthesizers.
 */
public final class DomainText {
  private static final int MAX_CHARACTERS = 200;

  private DomainText() {}

  /**
   * Lower-cases a sentence and drops its commas, full stops and question marks.
   *
   * @param sentence ASCII letters, apostrophes, spaces, hyphens and {@code , . ?}; at most 200
   *     characters
   * @return at least one word
   * @throws TrainingException if the sentence holds any other character, is too long or has no word
   */
  public static String normalise(String sentence) {
    if (sentence.length() > MAX_CHARACTERS) {
      throw new TrainingException(
          "text: expected at most "
              + MAX_CHARACTERS
              + " characters, found "
              + sentence.length()
              + "; shorten it");
    }
    StringBuilder text = new StringBuilder(sentence.length());
    String lower = sentence.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (isLetter(c) || c == '\'') {
        text.append(c);
      } else if (c == ' ' || c == '-') {
        appendSpace(text);
      } else if (c != ',' && c != '.' && c != '?') {
        throw new TrainingException(
            String.format(
                Locale.ROOT,
                "text: character %d of \"%s\": expected a letter, apostrophe, space, hyphen, comma, full stop or"
                    + " question mark, found U+%04X; spell it out",
                i,
                printable(sentence),
                (int) c));
      }
    }
    String normal = text.toString().strip();
    if (normal.isEmpty()) {
      throw new TrainingException("text: expected at least one word, found \"" + sentence + "\"");
    }
    return normal;
  }

  /** Whether {@link #normalise} would return the text unchanged. */
  public static boolean isNormal(String text) {
    if (text.isEmpty()
        || text.length() > MAX_CHARACTERS
        || !text.equals(text.strip())
        || text.contains("  ")) {
      return false;
    }
    return text.chars().allMatch(c -> isLetter((char) c) || c == '\'' || c == ' ');
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static void appendSpace(StringBuilder text) {
    if (!text.isEmpty() && text.charAt(text.length() - 1) != ' ') {
      text.append(' ');
    }
  }

  private static String printable(String sentence) {
    return sentence.replaceAll("[^ -~]", "?");
  }
}
