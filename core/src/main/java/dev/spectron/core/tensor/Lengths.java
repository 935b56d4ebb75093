package dev.spectron.core.tensor;

import dev.spectron.core.error.ShapeException;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Number of valid frames in each row of a padded batch. Every operation that mixes time takes one:
 * frames past a row's length are read as zero (attention: are not attended to) and are zero in the
 * result, so a padded batch equals its rows taken one by one.
 */
public final class Lengths {
  private final int[] frames;

  private Lengths(int[] frames) {
    if (frames.length == 0) {
      throw new ShapeException("lengths: expected at least one batch row, found none");
    }
    for (int f : frames) {
      if (f < 0) {
        throw new ShapeException(
            "lengths " + Arrays.toString(frames) + ": expected every length to be at least 0");
      }
    }
    this.frames = frames;
  }

  /**
   * Lengths by row.
   *
   * @param frames valid frames of each batch row, each at least 0
   * @throws ShapeException if there is no row or a length is negative
   */
  public static Lengths of(int... frames) {
    return new Lengths(frames.clone());
  }

  /** All {@code batch} rows valid over {@code time} frames. */
  public static Lengths full(int batch, int time) {
    int[] frames = new int[batch];
    Arrays.fill(frames, time);
    return new Lengths(frames);
  }

  /** All rows of {@code x}, {@code [batch, time, …]}, valid over their whole time. */
  public static Lengths full(Tensor x) {
    return full(x.shape().size(0), x.shape().size(1));
  }

  /** Number of batch rows. */
  public int batch() {
    return frames.length;
  }

  /** Valid frames of one row. */
  public int at(int row) {
    return frames[row];
  }

  /** The longest row. */
  public int max() {
    int max = 0;
    for (int f : frames) {
      max = Math.max(max, f);
    }
    return max;
  }

  /** Sum over the rows. */
  public long total() {
    return Arrays.stream(frames).asLongStream().sum();
  }

  /** Whether every row is valid over {@code time} frames, so that nothing needs masking. */
  public boolean isFull(int time) {
    for (int f : frames) {
      if (f != time) {
        return false;
      }
    }
    return true;
  }

  /** The lengths after an operation that changes each row's frame count. */
  public Lengths map(IntUnaryOperator change) {
    return new Lengths(Arrays.stream(frames).map(change).toArray());
  }

  /**
   * Row-wise sum, as of rows concatenated in time.
   *
   * @throws ShapeException if the batch sizes differ
   */
  public Lengths plus(Lengths other) {
    if (other.frames.length != frames.length) {
      throw new ShapeException(
          "lengths " + this + " and " + other + ": expected the same number of batch rows");
    }
    int[] sum = new int[frames.length];
    Arrays.setAll(sum, row -> Math.addExact(frames[row], other.frames[row]));
    return new Lengths(sum);
  }

  /** A copy of the lengths by row. */
  public int[] toArray() {
    return frames.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lengths that && Arrays.equals(frames, that.frames);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(frames);
  }

  @Override
  public String toString() {
    return Arrays.toString(frames);
  }
}
