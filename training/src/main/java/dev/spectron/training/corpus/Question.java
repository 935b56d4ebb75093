package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.regex.Pattern;

/**
 * One row of the domain: a question and its answer, both as sentences a synthesizer reads well.
 *
 * @param category kind of question, as {@code capital} or {@code add}
 * @param key canonical key of the fact: commutative twins and all phrasings of one fact share it
 * @param question sentence that ends in a question mark, or in a full stop where it is a request
 * @param answer whole sentence that ends in a full stop
 * @param shortAnswer the words of the answer that decide whether it is right
 */
public record Question(
    String category, String key, String question, String answer, String shortAnswer) {
  private static final Pattern CATEGORY = Pattern.compile("[a-z]+(-[a-z]+)*");
  private static final Pattern KEY = Pattern.compile("[a-z0-9']+( [a-z0-9']+)*");

  /**
   * Checks every part.
   *
   * @throws TrainingException if a part is malformed or the short answer is not in the answer
   */
  public Question {
    require(
        CATEGORY.matcher(category).matches(),
        "category",
        "lower-case words joined by hyphens",
        category);
    require(KEY.matcher(key).matches(), "key", "lower-case words and numbers", key);
    require(question.matches(".*[?.]"), "question", "a sentence that ends in ? or .", question);
    require(answer.endsWith("."), "answer", "a sentence that ends in .", answer);
    String words = " " + DomainText.normalise(answer) + " ";
    String decisive = " " + DomainText.normalise(shortAnswer) + " ";
    require(
        words.contains(decisive),
        "short_answer",
        "words of the answer \"" + answer + "\"",
        shortAnswer);
    DomainText.normalise(question);
  }

  /** The question as the model transcribes it. */
  public String questionText() {
    return DomainText.normalise(question);
  }

  /** The answer as the model writes it. */
  public String answerText() {
    return DomainText.normalise(answer);
  }

  /** The deciding words as the model writes them. */
  public String shortAnswerText() {
    return DomainText.normalise(shortAnswer);
  }

  private static void require(boolean holds, String part, String expected, String found) {
    if (!holds) {
      throw new TrainingException(
          "question table: " + part + ": expected " + expected + ", found \"" + found + "\"");
    }
  }
}
