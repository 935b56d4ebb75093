package dev.spectron.core.packing;

import java.lang.foreign.MemorySegment;

/**
 * A layout of matrices {@code [rows, depth]} as panels of sixteen rows, the last filled up with 0,
 * in lines of 64 bytes: four bytes for each row. One load of a line is one vector of sixteen rows,
 * whatever the width of the registers, and a panel is read from its first line to its last.
 */
public sealed interface PanelFormat permits Bf16Panels, Int8Panels, Int4Panels {
  /** Rows of a panel. */
  int WIDTH = 16;

  /** Bytes of a line. */
  int LINE_BYTES = 64;

  /** Panels that hold that many rows. */
  static int count(int rows) {
    return Math.ceilDiv(rows, WIDTH);
  }

  /** Bytes from one panel to the next, a multiple of {@link #LINE_BYTES}. */
  long panelBytes(int depth);

  /**
   * Packs a panel.
   *
   * @param rows row-major {@code [count, depth]}, finite
   * @param count 1 to {@link #WIDTH}
   * @param panel {@link #panelBytes} bytes of 0
   */
  void pack(float[] rows, int count, int depth, MemorySegment panel);

  /**
   * One number.
   *
   * @param panel {@link #panelBytes} bytes
   */
  float get(MemorySegment panel, int row, int k, int depth);
}
