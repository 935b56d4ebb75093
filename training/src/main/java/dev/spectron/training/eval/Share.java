package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * How many of a number of trials went right.
 *
 * @param right trials that went right, at most {@code total}
 * @param total trials; 0 where nothing was measured
 */
public record Share(int right, int total) {
  /** Confidence of {@link #low} and {@link #high}. */
  public static final double CONFIDENCE = 0.95;

  /**
   * Checks the counts.
   *
   * @throws TrainingException if they are negative or in the wrong order
   */
  public Share {
    if (right < 0 || total < right) {
      throw new TrainingException(
          "share: expected 0 to total right, found " + right + " of " + total);
    }
  }

  /** Whether there was any trial. */
  public boolean measured() {
    return total > 0;
  }

  /** Share of right trials, 0 to 1; 0 where nothing was measured. */
  public double value() {
    return total == 0 ? 0 : right / (double) total;
  }

  /** Lower end of the Wilson score interval. Source: Wilson 1927. */
  public double low() {
    return right == 0
        ? 0
        : new WilsonScoreInterval().createInterval(total, right, CONFIDENCE).getLowerBound();
  }

  /** Upper end of the Wilson score interval. */
  public double high() {
    return right == total
        ? 1
        : new WilsonScoreInterval().createInterval(total, right, CONFIDENCE).getUpperBound();
  }
}
