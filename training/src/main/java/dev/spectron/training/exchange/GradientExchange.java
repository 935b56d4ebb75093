package dev.spectron.training.exchange;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Ranks, one process and one device each, that train one model together. Every rank calls the same
 * methods in the same order with the same sizes; each call waits for the others. Used by one
 * thread.
 *
 * <p>A call that fails leaves the ranks out of step: close, end the process, and go on from the
 * last checkpoint.
 */
public interface GradientExchange extends AutoCloseable {
  /** Number of this process, from 0. */
  int rank();

  /** How many there are. */
  int ranks();

  /** What connects them, for people: library and version. */
  String name();

  /**
   * Adds up float32 values over all ranks; the sums land on one rank each.
   *
   * @param byRoot a segment for each of the first ranks, of any size, the same on all ranks. In:
   *     this rank's values. Out: the sum, in the segment with this rank's number; the others hold
   *     nothing of use
   * @throws dev.spectron.core.error.TrainingException if the others cannot be reached
   */
  void reduce(List<MemorySegment> byRoot);

  /**
   * Copies float32 values of each rank to all.
   *
   * @param byRoot a segment of each of the first ranks, of any size, the same on all ranks. In: the
   *     segment with this rank's number counts. Out: all
   */
  void broadcast(List<MemorySegment> byRoot);

  /** Adds up a few numbers over all ranks; the same bits come out on each. */
  void sum(double[] values);

  /** Waits until every rank is here. */
  default void barrier() {
    sum(new double[1]);
  }

  /**
   * Notes that this rank cannot go on: {@link #close} will not wait for the others, and they are
   * ended by whoever started them when this process ends.
   */
  void abandon();

  /** Leaves the others, and waits for them to do so too. */
  @Override
  void close();

  /** One rank, which has nobody to tell. */
  static GradientExchange alone() {
    return new Alone();
  }
}
