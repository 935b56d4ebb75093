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
    return new Rows(data, at(row), stride, rows);
  }

  /** The same rows, each starting some columns later. */
  Rows shift(int columns) {
    return new Rows(data, first + columns, stride, count);
  }
}
