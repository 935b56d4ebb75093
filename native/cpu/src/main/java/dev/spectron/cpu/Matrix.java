package dev.spectron.cpu;

import java.lang.foreign.MemorySegment;

/** The right-hand side of a matrix product, {@code [depth, columns]}. */
sealed interface Matrix permits Panels, BlockPanels {
  /** Memory that holds its panels. */
  MemorySegment data();

  /** Columns in use. */
  int columns();

  /** Steps in depth. */
  int depth();

  /** Copies one column to {@code to}, from {@code at} on. */
  void copyColumn(int column, float[] to, int at);

  /** All columns one after the other, {@code [columns, depth]}. */
  default float[] toRows() {
    float[] rows = new float[Math.multiplyExact(columns(), depth())];
    for (int column = 0; column < columns(); column++) {
      copyColumn(column, rows, column * depth());
    }
    return rows;
  }
}
