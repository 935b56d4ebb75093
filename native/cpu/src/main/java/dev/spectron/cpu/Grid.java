package dev.spectron.cpu;

/**
 * The cut of a product into tasks for the team: blocks of rows by blocks of columns.
 *
 * @param rows rows of the product
 * @param columns columns of the product
 * @param blockRows rows of a block
 * @param blockColumns columns of a block, a multiple of {@link PanelProduct#COLUMN_UNIT}
 */
record Grid(int rows, int columns, int blockRows, int blockColumns) {
  /** Below this a hand-over costs more than it gains: some two microseconds of arithmetic. */
  private static final long SMALLEST_TASK = 100_000;

  /** Rows that stay in the second-level cache while the strips of a task pass by. */
  private static final int MOST_ROWS = 96;

  /**
   * A cut that gives every thread about two tasks, long runs of columns first: a thread reads
   * memory fastest where it reads on.
   *
   * @param depth terms of each sum
   */
  static Grid of(int rows, int columns, int depth, int threads) {
    long products = Math.multiplyExact((long) rows * columns, depth);
    int tasks = (int) Math.clamp(products / SMALLEST_TASK, 1, 2L * threads);
    int units = Math.ceilDiv(columns, PanelProduct.COLUMN_UNIT);
    int rowBlocks = Math.ceilDiv(rows, MOST_ROWS);
    int columnBlocks = Math.min(units, Math.ceilDiv(tasks, rowBlocks));
    rowBlocks = Math.max(rowBlocks, Math.ceilDiv(tasks, columnBlocks));
    int tiles = Math.ceilDiv(Math.ceilDiv(rows, TileKernel.ROWS), rowBlocks);
    return new Grid(
        rows,
        columns,
        Math.min(rows, tiles * TileKernel.ROWS),
        Math.ceilDiv(units, columnBlocks) * PanelProduct.COLUMN_UNIT);
  }

  int tasks() {
    return Math.multiplyExact(Math.ceilDiv(rows, blockRows), columnBlocks());
  }

  private int columnBlocks() {
    return Math.ceilDiv(columns, blockColumns);
  }

  int firstRow(int task) {
    return task / columnBlocks() * blockRows;
  }

  int rows(int task) {
    return Math.min(blockRows, rows - firstRow(task));
  }

  int firstColumn(int task) {
    return task % columnBlocks() * blockColumns;
  }

  int columns(int task) {
    return Math.min(blockColumns, columns - firstColumn(task));
  }
}
