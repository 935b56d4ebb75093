package dev.spectron.training.corpus;

import java.util.List;
import java.util.Locale;

/**
 * Questions that the domain has no answer to: what people ask at large (WebQuestions, CC BY 4.0,
 * Berant et al. 2013), and questions in the domain's own wording about things it does not hold. The
 * answer to each is that the model does not know.
 */
public final class OutsideQuestions {
  /** Category of these questions. */
  public static final String CATEGORY = "outside";

  /** The answer to each, as the model writes it. */
  public static final String ANSWER = "i don't know";

  private static final String SENTENCE = "I don't know.";
  private static final String SHORT = "don't know";

  private OutsideQuestions() {}

  /** All of them, held-out ones too, in a fixed order. */
  public static List<Question> all() {
    return TableResource.read("mini/outside.tsv", "kind\tquestion", cells -> of(cells[1]));
  }

  /** {@link #all} without the held-out ones. */
  public static List<Question> training() {
    return all().stream().filter(question -> !Split.isHeldOut(question)).toList();
  }

  private static Question of(String question) {
    String key = DomainText.normalise(question).toLowerCase(Locale.ROOT);
    return new Question(CATEGORY, CATEGORY + " " + key, question, SENTENCE, SHORT);
  }
}
