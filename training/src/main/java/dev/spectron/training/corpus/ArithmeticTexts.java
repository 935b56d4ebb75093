package dev.spectron.training.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Text-only questions for the language model: every sum and difference of two numbers up to 99,
 * every product and quotient of one factor up to 12 and one up to 49, and the neighbours of every
 * number up to 199, in the sentences of the spoken domain.
 *
 * <p>The spoken sums alone are learned by heart; thousands of written ones make the model compute.
 */
public final class ArithmeticTexts {
  private static final int LARGEST_TERM = 99;
  private static final int LARGEST_SPOKEN_TERM = 20;
  private static final int LARGEST_SPOKEN_FACTOR = 12;
  private static final int LARGEST_FACTOR = 49;
  private static final int LARGEST_NEIGHBOUR = 199;
  private static final String[] OPENINGS = {"What is ", "How much is "};

  private ArithmeticTexts() {}

  /** All questions in a fixed order, held-out ones too. */
  public static List<Question> all() {
    List<Question> questions = new ArrayList<>();
    for (int a = 0; a <= LARGEST_TERM; a++) {
      for (int b = 0; b <= LARGEST_TERM; b++) {
        addBoth(
            questions, sized("add", Math.max(a, b)), sortedKey("add", a, b), a, "plus", b, a + b);
      }
      for (int b = 0; b <= a; b++) {
        addBoth(questions, sized("sub", a), "sub " + a + " " + b, a, "minus", b, a - b);
      }
    }
    for (int a = 0; a <= LARGEST_FACTOR; a++) {
      int largest = a > LARGEST_SPOKEN_FACTOR ? LARGEST_SPOKEN_FACTOR : LARGEST_FACTOR;
      for (int b = 0; b <= largest; b++) {
        int value = a * b;
        String size = Math.max(a, b) > LARGEST_SPOKEN_FACTOR ? "-large" : "";
        addBoth(questions, "mul" + size, sortedKey("mul", a, b), a, "times", b, value);
        if (a > 0) {
          addBoth(questions, "div" + size, "div " + value + " " + a, value, "divided by", a, b);
        }
      }
    }
    for (int n = 0; n < LARGEST_NEIGHBOUR; n++) {
      questions.add(neighbour("next-number", "next " + n, "after", n, n + 1));
      questions.add(neighbour("previous-number", "previous " + (n + 1), "before", n + 1, n));
    }
    return List.copyOf(questions);
  }

  /** {@link #all} without the held-out questions. */
  public static List<Question> training() {
    return all().stream()
        .filter(question -> !Split.isHeldOut(question))
        .map(Split.TRAIN::admit)
        .toList();
  }

  private static void addBoth(
      List<Question> questions,
      String category,
      String key,
      int a,
      String operation,
      int b,
      int value) {
    String expression = NumberWords.of(a) + " " + operation + " " + NumberWords.of(b);
    String result = NumberWords.of(value);
    for (String opening : OPENINGS) {
      questions.add(
          new Question(
              category,
              key,
              opening + expression + "?",
              capital(expression) + " is " + result + ".",
              result));
    }
  }

  private static Question neighbour(
      String category, String key, String side, int number, int value) {
    String result = NumberWords.of(value);
    String of = NumberWords.of(number);
    return new Question(
        category,
        key,
        "What number comes " + side + " " + of + "?",
        capital(result) + " comes " + side + " " + of + ".",
        result);
  }

  private static String sized(String operation, int term) {
    return term > LARGEST_SPOKEN_TERM ? operation + "-large" : operation;
  }

  private static String sortedKey(String operation, int a, int b) {
    return operation + " " + Math.min(a, b) + " " + Math.max(a, b);
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }
}
