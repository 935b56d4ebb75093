package dev.spectron.spokenlm.bench;

import java.util.Arrays;

/**
 * A stage's times.
 *
 * @param name such as {@code frames}
 * @param count how often it runs in a round: steps, or 1
 * @param gigabytes of weights it reads a round
 * @param gigaflops of its matrix products a round, 0 where they were not counted
 * @param seconds of each round
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Stage(String name, int count, double gigabytes, double gigaflops, double[] seconds) {
  /** The middle of the rounds. */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The fastest round. */
  public double least() {
    return sorted()[0];
  }

  /** The slowest round. */
  public double most() {
    return sorted()[seconds.length - 1];
  }

  private double[] sorted() {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
