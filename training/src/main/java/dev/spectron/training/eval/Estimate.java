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
    return ofRatio(values, ones);
  }

  /**
   * The word error rate of several texts together.
   *
   * @param texts at least one word is due in each
   */
  public static Estimate ofRate(List<WordErrors> texts) {
    return ofRatio(
        texts.stream().mapToDouble(WordErrors::errors).toArray(),
        texts.stream().mapToDouble(WordErrors::words).toArray());
  }

  /**
   * Of a sum over another, such as errors over words, with items drawn as a whole.
   *
   * @param parts numerator of each item, at least one
   * @param wholes denominator of each, at least 0; the ratio is 0 where they sum to 0
   */
  public static Estimate ofRatio(double[] parts, double[] wholes) {
    if (parts.length == 0 || parts.length != wholes.length) {
      throw new IllegalArgumentException(
          "estimate: expected as many parts as wholes and at least one, found "
              + parts.length
              + " and "
              + wholes.length);
    }
    RandomGenerator random = new Well19937c(SEED);
    double[] ratios = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      double part = 0;
      double whole = 0;
      for (int i = 0; i < parts.length; i++) {
        int drawn = random.nextInt(parts.length);
        part += parts[drawn];
        whole += wholes[drawn];
      }
      ratios[resample] = ratio(part, whole);
    }
    return new Estimate(
        ratio(Arrays.stream(parts).sum(), Arrays.stream(wholes).sum()),
        StatUtils.percentile(ratios, 2.5),
        StatUtils.percentile(ratios, 97.5));
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
