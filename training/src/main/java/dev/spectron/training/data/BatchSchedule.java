package dev.spectron.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Which items make up batch k: a pure function of k, so that a resumed run sees the batches it
 * would have seen. Items of one batch have similar lengths.
 */
public final class BatchSchedule {
  /** Batches that are drawn and sorted by length together. */
  private static final int POOL = 16;

  private final int[] lengths;
  private final double[] cumulative;
  private final int batchSize;
  private final long seed;

  private BatchSchedule(int[] lengths, double[] cumulative, int batchSize, long seed) {
    this.lengths = lengths;
    this.cumulative = cumulative;
    this.batchSize = batchSize;
    this.seed = seed;
  }

  /**
   * A schedule over items.
   *
   * @param items at least one
   * @param shares how often each is drawn, as of {@link Balance}
   * @param length what batches are sorted by
   * @param batchSize items of a batch
   */
  public static <T> BatchSchedule of(
      List<T> items, double[] shares, ToIntFunction<T> length, int batchSize, long seed) {
    double[] cumulative = shares.clone();
    Arrays.parallelPrefix(cumulative, Double::sum);
    int[] lengths = items.stream().mapToInt(length).toArray();
    return new BatchSchedule(lengths, cumulative, batchSize, seed);
  }

  /**
   * Indices of the items of one batch.
   *
   * @param index number of the batch, from 0
   */
  public List<Integer> batch(long index) {
    long pool = index / POOL;
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + pool);
    List<Integer> drawn =
        new ArrayList<>(IntStream.range(0, POOL * batchSize).mapToObj(i -> draw(random)).toList());
    drawn.sort(Comparator.comparingInt(i -> lengths[i]));
    List<Integer> order = new ArrayList<>(IntStream.range(0, POOL).boxed().toList());
    Collections.shuffle(order, random);
    int from = order.get((int) (index % POOL)) * batchSize;
    return List.copyOf(drawn.subList(from, from + batchSize));
  }

  private int draw(Random random) {
    double target = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, target);
    return Math.min(found >= 0 ? found + 1 : -found - 1, cumulative.length - 1);
  }
}
