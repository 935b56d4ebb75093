package dev.spectron.training.speaker;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The error of a verifier whose threshold is set so that it takes as many different speakers for
 * one, relatively, as one speaker for two.
 *
 * @param rate that share, 0 to 1; a half is chance
 * @param threshold score from which on two utterances count as of one speaker
 */
record EqualErrorRate(double rate, double threshold) {
  /**
   * A trial.
   *
   * @param score similarity of two utterances
   * @param same whether they are of one speaker
   * @param weight how often it counts, at least 0
   */
  record Trial(double score, boolean same, double weight) {
    static final Comparator<Trial> BY_SCORE = Comparator.comparingDouble(Trial::score);
  }

  /**
   * Two error rates at one threshold.
   *
   * @param threshold trials from this score on are accepted
   * @param falseAcceptance share of the different speakers that are accepted
   * @param falseRejection share of the same speakers that are not
   */
  record Operation(double threshold, double falseAcceptance, double falseRejection) {}

  /**
   * Of trials; between two thresholds both error rates are taken as straight lines.
   *
   * @param trials of both kinds, with positive weight in each
   */
  static EqualErrorRate of(Trial... trials) {
    Operation before = new Operation(Double.NEGATIVE_INFINITY, 1, 0);
    for (Operation after : operations(trials)) {
      if (after.falseRejection >= after.falseAcceptance) {
        double gapBefore = before.falseAcceptance - before.falseRejection;
        double gapAfter = after.falseRejection - after.falseAcceptance;
        double part = gapBefore / (gapBefore + gapAfter);
        double rate =
            before.falseAcceptance + part * (after.falseAcceptance - before.falseAcceptance);
        return new EqualErrorRate(rate, after.threshold);
      }
      before = after;
    }
    throw new IllegalStateException("equal error rate: the last operation rejects everything");
  }

  /**
   * The error rates at every score that occurs, the lowest first, and at last with nothing
   * accepted.
   */
  static Operation[] operations(Trial... trials) {
    Trial[] sorted = trials.clone();
    Arrays.sort(sorted, Trial.BY_SCORE);
    double same = 0;
    double different = 0;
    for (Trial trial : sorted) {
      same += trial.same ? trial.weight : 0;
      different += trial.same ? 0 : trial.weight;
    }
    if (!(same > 0 && different > 0)) {
      throw new IllegalArgumentException(
          "equal error rate: expected trials of one speaker and of two, found weights %s and %s"
              .formatted(same, different));
    }
    Operation[] operations = new Operation[sorted.length + 1];
    int count = 0;
    double rejectedSame = 0;
    double rejectedDifferent = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i].score != sorted[i - 1].score) {
        operations[count++] =
            new Operation(
                sorted[i].score, (different - rejectedDifferent) / different, rejectedSame / same);
      }
      rejectedSame += sorted[i].same ? sorted[i].weight : 0;
      rejectedDifferent += sorted[i].same ? 0 : sorted[i].weight;
    }
    operations[count++] = new Operation(Double.POSITIVE_INFINITY, 0, 1);
    return Arrays.copyOf(operations, count);
  }
}
