package dev.spectron.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The products of {@link TileKernel} and {@link Bf16Kernel} without vectors: the same sums in the
 * same order, to the same last bit. They stand in while the kernels are not compiled. A kernel on
 * vectors takes the compiler most of a second and is a hundred times slower than these loops until
 * then, so it is compiled once the work done here says that it pays; the answer of a small model is
 * spoken before.
 */
final class ScalarProducts implements AutoCloseable {
  /** Columns of a tile of one row. */
  private static final int COLUMNS = 8;

  private static final int BLOCK_DEPTH = 256;

  /** Multiply-adds that take these loops about a second. */
  private static final long WORTH_COMPILING = 2_000_000_000L;

  /** Floats of weights that are kept unpacked at most. */
  private static final long MOST_UNPACKED = 16L << 20;

  private final VectorWidth width;
  private final Readiness readiness;
  private final Map<Panels, float[]> unpacked = new ConcurrentHashMap<>();
  private final AtomicLong floats = new AtomicLong();
  private final AtomicLong work = new AtomicLong();
  private final AtomicBoolean decided = new AtomicBoolean();
  private volatile WarmUp warmUp;

  private ScalarProducts(VectorWidth width, Readiness readiness) {
    this.width = width;
    this.readiness = readiness;
  }

  /** Stand in until the kernels are worth compiling, and compiled. */
  static ScalarProducts atFirst(VectorWidth width) {
    return new ScalarProducts(width, Readiness.none());
  }

  /** Stand in for kernels as told. */
  static ScalarProducts until(VectorWidth width, Readiness readiness) {
    ScalarProducts products = new ScalarProducts(width, readiness);
    products.decided.set(true);
    return products;
  }

  /** Whether any kernel is not to be called yet. */
  boolean standIn() {
    return !readiness.isComplete();
  }

  /** Whether a kernel is not to be called yet. */
  boolean standInFor(Readiness.Kernel kernel) {
    return !readiness.has(kernel);
  }

  /**
   * c[i, j] += Σ_p a[i, p]·b[p, j].
   *
   * @param a the rows
   * @param b the panels, read from depth {@code bDepth} on
   * @param depth length of the sums
   * @param column first column of {@code b}, a multiple of 8
   * @param columns columns to compute, a multiple of 8; those past the last panel are left out
   * @param c from {@code cFirst} on, rows {@code cStride} apart
   */
  void accumulate(
      Workspace workspace,
      Rows a,
      Panels b,
      int bDepth,
      int depth,
      int column,
      int columns,
      float[] c,
      int cFirst,
      int cStride) {
    int end = Math.min(column + columns, b.panels() * Panels.WIDTH);
    float[] whole = b.bf16() ? unpacked(b) : null;
    for (int j = column; j < end; ) {
      int inPanel = j % Panels.WIDTH;
      int next = Math.min(j - inPanel + Panels.WIDTH, end);
      int to = cFirst + j - column;
      if (whole != null) {
        int from = ((j - inPanel) * b.depth() + bDepth * Panels.WIDTH) + inPanel;
        panel(a, 0, whole, from, depth, next - j, c, to, cStride);
      } else {
        float[] lines = workspace.lines.of(BLOCK_DEPTH * Panels.WIDTH);
        for (int k = 0; k < depth; k += BLOCK_DEPTH) {
          int steps = Math.min(BLOCK_DEPTH, depth - k);
          b.copyLines(j - inPanel, bDepth + k, steps, lines);
          panel(a, k, lines, inPanel, steps, next - j, c, to, cStride);
        }
      }
      j = next;
    }
    spend((long) a.count() * depth * columns);
  }

  /** All rows against some columns of one panel. */
  private static void panel(
      Rows a,
      int aDepth,
      float[] lines,
      int from,
      int depth,
      int columns,
      float[] c,
      int cFirst,
      int cStride) {
    for (int i = 0; i < a.count(); i++) {
      for (int part = 0; part < columns; part += COLUMNS) {
        row(a.data(), a.at(i) + aDepth, lines, from + part, depth, c, cFirst + i * cStride + part);
      }
    }
  }

  private static void row(float[] a, int a0, float[] b, int b0, int k, float[] c, int c0) {
    float y0 = c[c0];
    float y1 = c[c0 + 1];
    float y2 = c[c0 + 2];
    float y3 = c[c0 + 3];
    float y4 = c[c0 + 4];
    float y5 = c[c0 + 5];
    float y6 = c[c0 + 6];
    float y7 = c[c0 + 7];
    for (int p = 0; p < k; p++) {
      float x = a[a0 + p];
      int line = b0 + p * Panels.WIDTH;
      y0 = Math.fma(x, b[line], y0);
      y1 = Math.fma(x, b[line + 1], y1);
      y2 = Math.fma(x, b[line + 2], y2);
      y3 = Math.fma(x, b[line + 3], y3);
      y4 = Math.fma(x, b[line + 4], y4);
      y5 = Math.fma(x, b[line + 5], y5);
      y6 = Math.fma(x, b[line + 6], y6);
      y7 = Math.fma(x, b[line + 7], y7);
    }
    c[c0] = y0;
    c[c0 + 1] = y1;
    c[c0 + 2] = y2;
    c[c0 + 3] = y3;
    c[c0 + 4] = y4;
    c[c0 + 5] = y5;
    c[c0 + 6] = y6;
    c[c0 + 7] = y7;
  }

  /** A weight as {@code [panels, depth, WIDTH]}, or null if too many are kept already. */
  private float[] unpacked(Panels weight) {
    float[] kept = unpacked.get(weight);
    long size = (long) weight.panels() * weight.depth() * Panels.WIDTH;
    if (kept != null || floats.get() + size > MOST_UNPACKED) {
      return kept;
    }
    // Counted where it is made: all threads of the team ask for a weight at once.
    return unpacked.computeIfAbsent(
        weight,
        panels -> {
          floats.addAndGet(size);
          return panels.unpack();
        });
  }

  private void spend(long multiplyAdds) {
    if (work.addAndGet(multiplyAdds) > WORTH_COMPILING && decided.compareAndSet(false, true)) {
      warmUp = new WarmUp(width, readiness, unpacked::clear);
    }
  }

  @Override
  public void close() {
    decided.set(true);
    if (warmUp != null) {
      warmUp.close();
    }
    unpacked.clear();
  }
}
