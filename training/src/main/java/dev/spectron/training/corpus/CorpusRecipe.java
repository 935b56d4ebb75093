package dev.spectron.training.corpus;

import java.util.List;

/**
 * What to render. The same recipe gives the same bytes.
 *
 * @param name size in words, as {@code default}
 * @param seed seed of every draw
 * @param questions the whole domain, held-out questions too
 * @param trainQuestions at most this many training questions are drawn, at least 1
 * @param trainRenderings renderings of each training question, 1 to 40; two thirds of them in
 *     human-derived voices, which are harder to generalise from than the formant ones
 * @param extras what there is beyond plain renderings
 * @param devSeenQuestions at most this many training questions are rendered again for dev
 * @param devHeldOutQuestions at most this many held-out questions are rendered for dev
 * @param jobs renderers that run at once, at least 1; changes the time, never the result
 */
public record CorpusRecipe(
    String name,
    long seed,
    List<Question> questions,
    int trainQuestions,
    int trainRenderings,
    CorpusExtras extras,
    int devSeenQuestions,
    int devHeldOutQuestions,
    int jobs) {
  private static final CorpusExtras STANDARD = new CorpusExtras(1000, 2000, 1600, 2, 150, 150);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a number is out of range or there are no questions
   */
  public CorpusRecipe {
    questions = List.copyOf(questions);
    require(!questions.isEmpty(), "questions", "at least one", questions.size());
    require(trainQuestions >= 1, "trainQuestions", "at least 1", trainQuestions);
    require(
        trainRenderings >= 1 && trainRenderings <= 40,
        "trainRenderings",
        "1 to 40",
        trainRenderings);
    require(devSeenQuestions >= 0, "devSeenQuestions", "at least 0", devSeenQuestions);
    require(devHeldOutQuestions >= 0, "devHeldOutQuestions", "at least 0", devHeldOutQuestions);
    require(jobs >= 1 && jobs <= 256, "jobs", "1 to 256", jobs);
  }

  /** Every training question in eight renderings, and all extras: the embedded model's corpus. */
  public static CorpusRecipe standard(long seed, int jobs) {
    return new CorpusRecipe(
        "default", seed, QuestionTable.mini(), Integer.MAX_VALUE, 8, STANDARD, 300, 150, jobs);
  }

  /** 300 training questions in two renderings: a check that everything works. */
  public static CorpusRecipe smoke(long seed, int jobs) {
    return new CorpusRecipe(
        "smoke", seed, QuestionTable.mini(), 300, 2, CorpusExtras.none(), 30, 15, jobs);
  }

  private static void require(boolean holds, String part, String expected, int found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "corpus recipe: " + part + ": expected " + expected + ", found " + found);
    }
  }
}
