package dev.spectron.training;

import java.util.Arrays;

/** Means of the losses since they were last taken. */
final class LossMeans {
  private double[] sums = new double[7];
  private int count;

  void add(Losses losses) {
    double[] values = losses.values();
    Arrays.setAll(sums, i -> sums[i] + values[i]);
    count++;
  }

  /** The means; starts anew. */
  Losses take() {
    int n = Math.max(1, count);
    Losses means = Losses.of(Arrays.stream(sums).map(sum -> sum / n).toArray());
    sums = new double[sums.length];
    count = 0;
    return means;
  }
}
