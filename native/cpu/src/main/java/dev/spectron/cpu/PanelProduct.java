package dev.spectron.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Adds the product of some rows and {@link Panels} to a row-major block. The block is cut into
 * strips of one to four vectors of columns; a strip's panels stay in the cache while all rows pass
 * by, a depth of {@link #BLOCK_DEPTH} at a time. Traffic: the panels once, the rows once a strip.
 */
final class PanelProduct {
  /** Columns that every strip width divides; work is cut between threads at multiples of it. */
  static final int COLUMN_UNIT = 64;

  /** 64 columns times this depth are 128 KB, a part of any second-level cache. */
  private static final int BLOCK_DEPTH = 512;

  private final VectorWidth width;
  private final ScalarProducts scalars;

  PanelProduct(VectorWidth width, ScalarProducts scalars) {
    this.width = width;
    this.scalars = scalars;
  }

  /**
   * c[i, j] += Σ_p a[i, p]·b[p, j].
   *
   * @param a the rows; sums run over {@code depth} of its columns
   * @param b the panels; read from depth {@code bDepth} on
   * @param bDepth first step in depth
   * @param depth length of the sums
   * @param bColumn first column, a multiple of {@link Panels#WIDTH}
   * @param columns columns to compute; past the last of {@code b} they are 0, up to its next
   *     multiple of sixteen
   * @param c the block, as many rows as {@code a}
   */
  void accumulate(
      Workspace workspace,
      Rows a,
      Matrix b,
      int bDepth,
      int depth,
      int bColumn,
      int columns,
      Rows c) {
    if (depth == 0) {
      return;
    }
    boolean single = a.count() == 1 && readsRows(b, bDepth);
    int vectors = single ? 4 : width.tileVectors();
    for (int column = 0; column < columns; ) {
      int strip = columns - column;
      // Wide tiles would compute half or more of a narrow rest in vain.
      int used = !single && strip <= 2 * width.lanes() ? 2 : vectors;
      strip = Math.min(strip, used * width.lanes());
      Strip s = new Strip(workspace, a, b, bDepth, depth, bColumn + column, used);
      if (strip == used * width.lanes()) {
        s.accumulate(c.data(), c.first() + column, c.stride());
      } else {
        accumulateEdge(s, workspace, c, column, strip);
      }
      column += strip;
    }
  }

  /**
   * c[i, j] += Σ_p a[i, p]·key[j, p] for the keys of one head at the positions {@code first} up to
   * {@code end}.
   *
   * @param first a multiple of {@link #COLUMN_UNIT}
   * @param end not past the chunk that holds the last position, or the results there are arbitrary
   * @param c starts at the column of {@code first}
   */
  void accumulate(
      Workspace workspace, Rows a, KeyPanels keys, int head, int first, int end, Rows c) {
    int position = first;
    while (position < end) {
      Panels chunk = keys.chunk(position / KeyPanels.CHUNK, head);
      int column = position % KeyPanels.CHUNK;
      int columns = Math.min(end - position, KeyPanels.CHUNK - column);
      Rows to = c.shift(position - first);
      accumulate(workspace, a, chunk, 0, chunk.depth(), column, columns, to);
      position += columns;
    }
  }

  /** Whether one row is multiplied with the panels as they are. */
  private static boolean readsRows(Matrix b, int bDepth) {
    return b instanceof Panels panels && (!panels.bf16() || bDepth % 2 == 0);
  }

  /** Computes a strip that is wider than the columns left in a block of its own. */
  private void accumulateEdge(Strip s, Workspace workspace, Rows c, int column, int columns) {
    int stride = s.vectors * width.lanes();
    float[] block = workspace.edge.of(c.count() * stride);
    for (int row = 0; row < c.count(); row++) {
      int from = row * stride;
      System.arraycopy(c.data(), c.at(row) + column, block, from, columns);
      Arrays.fill(block, from + columns, from + stride, 0);
    }
    s.accumulate(block, 0, stride);
    for (int row = 0; row < c.count(); row++) {
      System.arraycopy(block, row * stride, c.data(), c.at(row) + column, columns);
    }
  }

  /** Writes a panel's steps in depth as lines of floats. */
  @FunctionalInterface
  private interface Unpacker {
    /**
     * Does it.
     *
     * @param k first step, where steps that are unpacked together begin
     * @param to address in the workspace
     */
    void unpack(int panel, int k, int steps, long to);
  }

  /** Some vectors of adjacent columns. */
  private final class Strip {
    private final Workspace workspace;
    private final Rows a;
    private final Matrix b;
    private final int bDepth;
    private final int depth;
    private final int column;
    private final int vectors;

    private Strip(
        Workspace workspace, Rows a, Matrix b, int bDepth, int depth, int column, int vectors) {
      this.workspace = workspace;
      this.a = a;
      this.b = b;
      this.bDepth = bDepth;
      this.depth = depth;
      this.column = column;
      this.vectors = vectors;
    }

    private void accumulate(float[] c, int cFirst, int cStride) {
      switch (b) {
        case BlockPanels blocks -> {
          Unpacker unpacker = (panel, k, steps, to) -> unpack(blocks, panel, k, steps, to);
          accumulateUnpacked(unpacker, BlockPanels.SLAB, c, cFirst, cStride);
        }
        case Panels panels -> accumulate(panels, c, cFirst, cStride);
      }
    }

    private void accumulate(Panels b, float[] c, int cFirst, int cStride) {
      boolean bf16Row = b.bf16() && a.count() == 1 && bDepth % 2 == 0;
      if (scalars.standInFor(kernel(bf16Row))) {
        int columns = vectors * width.lanes();
        scalars.accumulate(workspace, a, b, bDepth, depth, column, columns, c, cFirst, cStride);
      } else if (bf16Row) {
        long skip = (long) (bDepth / 2) * Panels.LINE_BYTES;
        Bf16Kernel.oneByFour(
            width,
            a.data(),
            a.first(),
            b.data(),
            address(b, 0) + skip,
            address(b, 1) + skip,
            address(b, 2) + skip,
            address(b, 3) + skip,
            depth,
            c,
            cFirst);
      } else if (b.bf16()) {
        Unpacker unpacker = (panel, k, steps, to) -> unpack(b, panel, k, steps, to);
        accumulateUnpacked(unpacker, 2, c, cFirst, cStride);
      } else {
        accumulateFloats(b, c, cFirst, cStride);
      }
    }

    private Readiness.Kernel kernel(boolean bf16Row) {
      if (bf16Row) {
        return Readiness.Kernel.BF16_ROW;
      }
      return a.count() == 1 ? Readiness.Kernel.ROW : Readiness.Kernel.TILE;
    }

    private void accumulateFloats(Panels b, float[] c, int cFirst, int cStride) {
      // One tile of rows reads the panels once anyway.
      int block = a.count() <= TileKernel.ROWS ? depth : BLOCK_DEPTH;
      for (int from = 0; from < depth; from += block) {
        long skip = (long) (bDepth + from) * Panels.LINE_BYTES;
        tiles(
            a.first() + from,
            b.data(),
            address(b, 0) + skip,
            address(b, 1) + skip,
            address(b, 2) + skip,
            address(b, 3) + skip,
            Math.min(block, depth - from),
            c,
            cFirst,
            cStride);
      }
    }

    /**
     * Unpacks some depth of all panels at a time.
     *
     * @param unit steps that are unpacked together
     */
    private void accumulateUnpacked(
        Unpacker unpacker, int unit, float[] c, int cFirst, int cStride) {
      int panels = Math.ceilDiv(vectors * width.lanes(), Panels.WIDTH);
      long panelBytes = (long) Workspace.UNPACKED_DEPTH * Panels.LINE_BYTES;
      int from = 0;
      while (from < depth) {
        int before = (bDepth + from) % unit;
        int steps = Math.min(Workspace.UNPACKED_DEPTH - before, depth - from);
        for (int panel = 0; panel < panels; panel++) {
          int first = Math.min(column + panel * Panels.WIDTH, lastPanelColumn());
          unpacker.unpack(
              first / Panels.WIDTH, bDepth + from - before, steps + before, panel * panelBytes);
        }
        long skip = (long) before * Panels.LINE_BYTES;
        tiles(
            a.first() + from,
            workspace.unpacked(),
            unpackedAddress(0, panelBytes) + skip,
            unpackedAddress(1, panelBytes) + skip,
            unpackedAddress(2, panelBytes) + skip,
            unpackedAddress(3, panelBytes) + skip,
            steps,
            c,
            cFirst,
            cStride);
        from += steps;
      }
    }

    private void unpack(Panels b, int panel, int evenDepth, int steps, long to) {
      long from = b.address(panel * Panels.WIDTH) + (long) (evenDepth / 2) * Panels.LINE_BYTES;
      int lines = Math.ceilDiv(steps, 2);
      Bf16Kernel.unpack(width, b.data(), from, workspace.unpacked(), to, lines);
    }

    private void unpack(BlockPanels b, int panel, int slabDepth, int steps, long to) {
      int slabs = Math.ceilDiv(steps, BlockPanels.SLAB);
      BlockKernel.unpack(
          width, b, panel, slabDepth / BlockPanels.SLAB, slabs, workspace.unpacked(), to);
    }

    private int lastPanelColumn() {
      return (Panels.panels(b.columns()) - 1) * Panels.WIDTH;
    }

    private long unpackedAddress(int vector, long panelBytes) {
      int at = vector * width.lanes();
      return at / Panels.WIDTH * panelBytes + (long) (at % Panels.WIDTH) * Float.BYTES;
    }

    /** Where a vector starts; those past the last panel read its last vector again. */
    private long address(Panels b, int vector) {
      int last = b.panels() * Panels.WIDTH - width.lanes();
      return b.address(Math.min(column + vector * width.lanes(), last));
    }

    private void tiles(
        int aFirst,
        MemorySegment data,
        long b0,
        long b1,
        long b2,
        long b3,
        int k,
        float[] c,
        int cFirst,
        int cStride) {
      float[] from = a.data();
      int stride = a.stride();
      if (a.count() == 1 && vectors == 4) {
        TileKernel.oneByFour(width, from, aFirst, data, b0, b1, b2, b3, k, c, cFirst);
        return;
      }
      for (int row = 0; row < a.count(); row += TileKernel.ROWS) {
        int rows = Math.min(TileKernel.ROWS, a.count() - row);
        int x = aFirst + row * stride;
        int y = cFirst + row * cStride;
        if (vectors == 4) {
          TileKernel.sixByFour(
              width, from, x, stride, data, b0, b1, b2, b3, k, c, y, cStride, rows);
        } else {
          TileKernel.sixByTwo(width, from, x, stride, data, b0, b1, k, c, y, cStride, rows);
        }
      }
    }
  }
}
