package dev.spectron.training.eval;

import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * How a quantity is spread over items.
 *
 * @param count items; the rest is 0 without any
 * @param mean arithmetic mean
 * @param low 5th percentile
 * @param median 50th percentile
 * @param high 95th percentile
 */
public record Distribution(int count, double mean, double low, double median, double high) {
  /** Of these values. */
  public static Distribution of(double... values) {
    if (values.length == 0) {
      return new Distribution(0, 0, 0, 0, 0);
    }
    DescriptiveStatistics statistics = new DescriptiveStatistics(values);
    return new Distribution(
        values.length,
        statistics.getMean(),
        statistics.getPercentile(5),
        statistics.getPercentile(50),
        statistics.getPercentile(95));
  }
}
