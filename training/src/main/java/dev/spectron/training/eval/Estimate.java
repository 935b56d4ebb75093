package dev.spectron.training.eval;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;

/**
 * A mean over items and how far it may be trusted.
 *
 * @param mean of the values
 * @param low lower end of its 95 % interval
 * @param high upper end
 */
public record Estimate(double mean, double low, double high) {
  private static final int RESAMPLES = 2_000;
  private static final int SEED = 1;

  /**
   * Of these values, the interval by percentiles of means over items drawn again and again. Source:
   * Efron 1979, "Bootstrap methods".
   *
   * @param values at least one
   */
  public static Estimate of(double... values) {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    return of(values, ones);
  }

  /**
   * The word error rate of several texts together.
   *
   * @param texts at least one word is due in each
   */
  public static Estimate ofRate(List<WordErrors> texts) {
    return of(
        texts.stream().mapToDouble(WordErrors::errors).toArray(),
        texts.stream().mapToDouble(WordErrors::words).toArray());
  }

  /** Of sums of values over sums of weights. */
  private static Estimate of(double[] values, double[] weights) {
    RandomGenerator random = new Well19937c(SEED);
    double[] means = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < values.length; i++) {
        int drawn = random.nextInt(values.length);
        sum += values[drawn];
        weight += weights[drawn];
      }
      means[resample] = sum / weight;
    }
    return new Estimate(
        Arrays.stream(values).sum() / Arrays.stream(weights).sum(),
        StatUtils.percentile(means, 2.5),
        StatUtils.percentile(means, 97.5));
  }
}
