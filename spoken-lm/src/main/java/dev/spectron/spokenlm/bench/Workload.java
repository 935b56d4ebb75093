package dev.spectron.spokenlm.bench;

/**
 * One question and its answer.
 *
 * @param promptSeconds length of the question
 * @param textTokens transcript and answer
 * @param speechSeconds length of the answer
 * @param rounds times that all stages run
 */
public record Workload(double promptSeconds, int textTokens, double speechSeconds, int rounds) {
  /** Checks the numbers. */
  public Workload {
    if (!(promptSeconds >= 0.1 && promptSeconds <= 600)
        || textTokens < 1
        || textTokens > 1000
        || !(speechSeconds >= 0.1 && speechSeconds <= 600)
        || rounds < 1
        || rounds > 1000) {
      throw new IllegalArgumentException(
          "bench: expected a prompt of 0.1 to 600 s, 1 to 1000 tokens, 0.1 to 600 s of speech and 1 to 1000 rounds, found %s, %d, %s, %d"
              .formatted(promptSeconds, textTokens, speechSeconds, rounds));
    }
  }
}
