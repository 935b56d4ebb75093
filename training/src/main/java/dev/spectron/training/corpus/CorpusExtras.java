package dev.spectron.training.corpus;

/**
 * What a corpus has beyond plain renderings of its questions. Each part is drawn apart: how much
 * there is of one changes no other clip.
 *
 * @param largeSums at most this many sums and differences beyond the domain's own are drawn from
 *     {@link ArithmeticTexts} and rendered twice each, so that long numerals are spoken by rule and
 *     not by heart
 * @param hardQuestions at most this many training questions are rendered once more under hard
 *     conditions: see {@link Variation}
 * @param paraphrases at most this many {@link Paraphrases} of training questions are rendered once
 * @param outsideRenderings renderings of each training question from outside of the domain
 * @param devParaphrases at most this many paraphrases in wordings that training never has, for dev
 * @param devOutside at most this many held-out questions from outside of the domain, for dev
 */
public record CorpusExtras(
    int largeSums,
    int hardQuestions,
    int paraphrases,
    int outsideRenderings,
    int devParaphrases,
    int devOutside) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public CorpusExtras {
    requireNotNegative("largeSums", largeSums);
    requireNotNegative("hardQuestions", hardQuestions);
    requireNotNegative("paraphrases", paraphrases);
    requireNotNegative("outsideRenderings", outsideRenderings);
    requireNotNegative("devParaphrases", devParaphrases);
    requireNotNegative("devOutside", devOutside);
  }

  /** Nothing beyond the questions. */
  public static CorpusExtras none() {
    return new CorpusExtras(0, 0, 0, 0, 0, 0);
  }

  private static void requireNotNegative(String part, int found) {
    if (found < 0) {
      throw new IllegalArgumentException(
          "corpus recipe: " + part + ": expected at least 0, found " + found);
    }
  }
}
