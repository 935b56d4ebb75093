package dev.spectron.cpu;

import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;

/**
 * Products of a few rows with {@link BlockPanels} in integers: the weights are read once and never
 * widened. What is lost is the rounding of the activations to 8 bits.
 */
final class IntegerProduct {
  private static final int CACHED_COLUMNS = 64;

  /** Rows at most; more of them are cheaper as floats. */
  private static final int MOST_ROWS = 8;

  private final VectorWidth width;

  IntegerProduct(VectorWidth width) {
    this.width = width;
  }

  /** Whether so many rows are best taken as integers. */
  static boolean takes(int rows) {
    return rows <= MOST_ROWS;
  }

  /**
   * y[i, j] += Σ_p x[i, p]·b[p, j].
   *
   * @param x quantised for the packing of {@code b}
   * @param firstRow the one that meets the first of {@code y}
   * @param column first column, a multiple of {@link PanelFormat#WIDTH}
   * @param columns columns to compute
   * @param y starts at {@code column}
   */
  void accumulate(
      Workspace workspace,
      IntegerRows x,
      int firstRow,
      BlockPanels b,
      int column,
      int columns,
      Rows y) {
    // Several rows share panels that stay in the cache; one reads on.
    int most = y.count() == 1 ? columns : CACHED_COLUMNS;
    for (int from = 0; from < columns; from += most) {
      int count = Math.min(most, columns - from);
      int panels = PanelFormat.count(count);
      int stride = panels * PanelFormat.WIDTH;
      float[] sums = workspace.edge.of(y.count() * stride);
      int firstPanel = (column + from) / PanelFormat.WIDTH;
      for (int row = 0; row < y.count(); row++) {
        multiply(x, firstRow + row, b, firstPanel, panels, sums, row * stride);
      }
      for (int row = 0; row < y.count(); row++) {
        PointwiseKernel.add(width, y.data(), y.at(row) + from, sums, row * stride, count);
      }
    }
  }

  private void multiply(
      IntegerRows x, int row, BlockPanels b, int firstPanel, int panels, float[] y, int y0) {
    long at = firstPanel * b.panelBytes();
    if (b.packing() == Packing.INT8) {
      Int8Kernel.multiply(
          width,
          b.data(),
          at,
          panels,
          b.slabs(),
          x.pairs(),
          x.pairs(row),
          x.scales(),
          x.blocks(row),
          y,
          y0);
    } else {
      Int4Kernel.multiply(
          width,
          b.data(),
          at,
          panels,
          b.slabs(),
          x.pairs(),
          x.pairs(row),
          x.scales(),
          x.sums(),
          x.blocks(row),
          y,
          y0);
    }
  }
}
