package dev.spectron.cpu;

/**
 * Rows of a row-major matrix, or of anything that looks like one.
 *
 * @param data holds them
 * @param first where the first starts
 * @param stride from one to the next; rows may overlap
 * @param count how many
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record Rows(float[] data, int first, int stride, int count) {
  /** Where a row starts. */
  int at(int row) {
    return first + row * stride;
  }

  /** Some of these rows. */
  Rows slice(int row, int rows) {
    return slice(row, rows, 0);
  }

  /** Some of these rows, each starting some columns later. */
  Rows slice(int row, int rows, int columns) {
    boolean all = row == 0 && rows == count && columns == 0;
    return all ? this : new Rows(data, at(row) + columns, stride, rows);
  }

  /** The same rows, each starting some columns later. */
  Rows shift(int columns) {
    return slice(0, count, columns);
  }
}
