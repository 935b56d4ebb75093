package dev.spectron.core.tensor;

import dev.spectron.core.error.ShapeException;
import java.util.Arrays;
import java.util.List;

/**
 * A padded batch of token ids, {@code [batch, time]}; padding holds id 0 and is told apart by
 * {@link #lengths()}.
 */
public final class Tokens {
  private final int time;
  private final int[] ids;
  private final Lengths lengths;

  private Tokens(int time, int[] ids, Lengths lengths) {
    this.time = time;
    this.ids = ids;
    this.lengths = lengths;
  }

  /**
   * One sequence.
   *
   * @param ids one sequence, at least one id
   */
  public static Tokens of(int... ids) {
    return ofRows(List.of(ids));
  }

  /**
   * One sequence a row.
   *
   * @param rows one sequence a batch row, the longest with at least one id
   * @throws ShapeException if there is no id at all
   */
  public static Tokens ofRows(List<int[]> rows) {
    int time = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    if (time == 0) {
      throw new ShapeException("tokens: expected at least one id, found none");
    }
    int[] ids = new int[Math.multiplyExact(rows.size(), time)];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, ids, row * time, rows.get(row).length);
    }
    return new Tokens(time, ids, Lengths.of(rows.stream().mapToInt(row -> row.length).toArray()));
  }

  /** Number of batch rows. */
  public int batch() {
    return lengths.batch();
  }

  /** Ids in the longest row. */
  public int time() {
    return time;
  }

  /** The id at {@code (row, position)}; 0 in the padding. */
  public int id(int row, int position) {
    return ids[row * time + position];
  }

  /** Valid ids of each row. */
  public Lengths lengths() {
    return lengths;
  }

  /** A copy of all ids, row-major {@code [batch, time]}. */
  public int[] toArray() {
    return ids.clone();
  }

  @Override
  public String toString() {
    return "[" + batch() + ", " + time + "] " + Arrays.toString(ids);
  }
}
