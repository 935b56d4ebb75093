package dev.spectron.training;

import java.util.Arrays;

/** Means of the losses since they were last taken. */
final class LossMeans {
  private final double[] sums = new double[7];
  private int count;

  void add(Losses losses) {
    sums[0] += losses.total();
    sums[1] += losses.text();
    sums[2] += losses.reconstruction();
    sums[3] += losses.stop();
    sums[4] += losses.ctc();
    sums[5] += losses.prefixCtc();
    sums[6] += losses.frames();
    count++;
  }

  /** The means; starts anew. */
  Losses take() {
    double n = Math.max(1, count);
    Losses means =
        new Losses(
            sums[0] / n,
            sums[1] / n,
            sums[2] / n,
            sums[3] / n,
            sums[4] / n,
            sums[5] / n,
            sums[6] / n);
    Arrays.fill(sums, 0);
    count = 0;
    return means;
  }
}
