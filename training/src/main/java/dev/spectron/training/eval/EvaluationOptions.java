package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;

/**
 * What to evaluate.
 *
 * @param items most items of the development set, at least 1
 * @param seed decides which; the same seed gives the same items
 * @param voices whose questions
 * @param judge whether the spoken answers are recognised, with the ceilings and the cascade beside
 *     them
 * @param jobs recognisers that run at once, 1 to 256; changes the time, never the result
 */
public record EvaluationOptions(int items, long seed, VoiceChoice voices, boolean judge, int jobs) {
  /** Whose questions are asked. */
  public enum VoiceChoice {
    /** Voices that training never heard. */
    HELD_OUT,
    /** Those, and voices of training. */
    ALL
  }

  /**
   * Checks the numbers.
   *
   * @throws TrainingException if one is out of range
   */
  public EvaluationOptions {
    require(items >= 1, "items", "at least 1", items);
    require(jobs >= 1 && jobs <= 256, "jobs", "1 to 256", jobs);
  }

  /** 200 items in held-out voices, judged. */
  public static EvaluationOptions standard(int jobs) {
    return new EvaluationOptions(200, 1, VoiceChoice.HELD_OUT, true, jobs);
  }

  private static void require(boolean holds, String part, String expected, int found) {
    if (!holds) {
      throw new TrainingException(
          "evaluation: " + part + ": expected " + expected + ", found " + found);
    }
  }

  /** The same in other voices. */
  public EvaluationOptions with(VoiceChoice other) {
    return new EvaluationOptions(items, seed, other, judge, jobs);
  }
}
