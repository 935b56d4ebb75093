package dev.spectron.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of every matrix product: c[i, j] += Σ_p a[i, p]·b[p, j] for a tile of rows i and
 * columns j that stays in registers. {@code a} and {@code c} are row-major, their rows {@code
 * aStride} and {@code cStride} apart; {@code b} is a strip of {@link Panels}, one address a vector
 * of columns.
 *
 * <p>Each sum is one chain of fused multiply-adds in the order of p, whatever the tile: a result
 * depends neither on the vector width, nor on the threads, nor on how many rows are computed
 * together, and the products of a decoding step equal those of a whole pass.
 *
 * <p>The bodies are written out because the just-in-time compiler keeps vectors in registers only
 * as local variables of one method. Where fewer than six rows are left, the surplus ones repeat the
 * last and store it again.
 */
final class TileKernel {
  /** Rows of a tile. */
  static final int ROWS = 6;

  private TileKernel() {}

  /** 24 accumulators, four vectors of b, one of a: 29 of 32 registers. */
  static void sixByFour(
      VectorWidth width,
      float[] a,
      int a0,
      int aStride,
      MemorySegment b,
      long b0,
      long b1,
      long b2,
      long b3,
      int k,
      float[] c,
      int c0,
      int cStride,
      int rows) {
    VectorSpecies<Float> f = width.floats();
    int n = f.length();
    int a1 = a0 + Math.min(1, rows - 1) * aStride;
    int a2 = a0 + Math.min(2, rows - 1) * aStride;
    int a3 = a0 + Math.min(3, rows - 1) * aStride;
    int a4 = a0 + Math.min(4, rows - 1) * aStride;
    int a5 = a0 + Math.min(5, rows - 1) * aStride;
    int c1 = c0 + Math.min(1, rows - 1) * cStride;
    int c2 = c0 + Math.min(2, rows - 1) * cStride;
    int c3 = c0 + Math.min(3, rows - 1) * cStride;
    int c4 = c0 + Math.min(4, rows - 1) * cStride;
    int c5 = c0 + Math.min(5, rows - 1) * cStride;
    FloatVector c00 = FloatVector.fromArray(f, c, c0);
    FloatVector c01 = FloatVector.fromArray(f, c, c0 + n);
    FloatVector c02 = FloatVector.fromArray(f, c, c0 + 2 * n);
    FloatVector c03 = FloatVector.fromArray(f, c, c0 + 3 * n);
    FloatVector c10 = FloatVector.fromArray(f, c, c1);
    FloatVector c11 = FloatVector.fromArray(f, c, c1 + n);
    FloatVector c12 = FloatVector.fromArray(f, c, c1 + 2 * n);
    FloatVector c13 = FloatVector.fromArray(f, c, c1 + 3 * n);
    FloatVector c20 = FloatVector.fromArray(f, c, c2);
    FloatVector c21 = FloatVector.fromArray(f, c, c2 + n);
    FloatVector c22 = FloatVector.fromArray(f, c, c2 + 2 * n);
    FloatVector c23 = FloatVector.fromArray(f, c, c2 + 3 * n);
    FloatVector c30 = FloatVector.fromArray(f, c, c3);
    FloatVector c31 = FloatVector.fromArray(f, c, c3 + n);
    FloatVector c32 = FloatVector.fromArray(f, c, c3 + 2 * n);
    FloatVector c33 = FloatVector.fromArray(f, c, c3 + 3 * n);
    FloatVector c40 = FloatVector.fromArray(f, c, c4);
    FloatVector c41 = FloatVector.fromArray(f, c, c4 + n);
    FloatVector c42 = FloatVector.fromArray(f, c, c4 + 2 * n);
    FloatVector c43 = FloatVector.fromArray(f, c, c4 + 3 * n);
    FloatVector c50 = FloatVector.fromArray(f, c, c5);
    FloatVector c51 = FloatVector.fromArray(f, c, c5 + n);
    FloatVector c52 = FloatVector.fromArray(f, c, c5 + 2 * n);
    FloatVector c53 = FloatVector.fromArray(f, c, c5 + 3 * n);
    for (int p = 0; p < k; p++) {
      long line = (long) p * Panels.LINE_BYTES;
      FloatVector v0 = FloatVector.fromMemorySegment(f, b, b0 + line, LITTLE_ENDIAN);
      FloatVector v1 = FloatVector.fromMemorySegment(f, b, b1 + line, LITTLE_ENDIAN);
      FloatVector v2 = FloatVector.fromMemorySegment(f, b, b2 + line, LITTLE_ENDIAN);
      FloatVector v3 = FloatVector.fromMemorySegment(f, b, b3 + line, LITTLE_ENDIAN);
      FloatVector x = FloatVector.broadcast(f, a[a0 + p]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      c02 = x.fma(v2, c02);
      c03 = x.fma(v3, c03);
      x = FloatVector.broadcast(f, a[a1 + p]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      c12 = x.fma(v2, c12);
      c13 = x.fma(v3, c13);
      x = FloatVector.broadcast(f, a[a2 + p]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      c22 = x.fma(v2, c22);
      c23 = x.fma(v3, c23);
      x = FloatVector.broadcast(f, a[a3 + p]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      c32 = x.fma(v2, c32);
      c33 = x.fma(v3, c33);
      x = FloatVector.broadcast(f, a[a4 + p]);
      c40 = x.fma(v0, c40);
      c41 = x.fma(v1, c41);
      c42 = x.fma(v2, c42);
      c43 = x.fma(v3, c43);
      x = FloatVector.broadcast(f, a[a5 + p]);
      c50 = x.fma(v0, c50);
      c51 = x.fma(v1, c51);
      c52 = x.fma(v2, c52);
      c53 = x.fma(v3, c53);
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + n);
    c02.intoArray(c, c0 + 2 * n);
    c03.intoArray(c, c0 + 3 * n);
    c10.intoArray(c, c1);
    c11.intoArray(c, c1 + n);
    c12.intoArray(c, c1 + 2 * n);
    c13.intoArray(c, c1 + 3 * n);
    c20.intoArray(c, c2);
    c21.intoArray(c, c2 + n);
    c22.intoArray(c, c2 + 2 * n);
    c23.intoArray(c, c2 + 3 * n);
    c30.intoArray(c, c3);
    c31.intoArray(c, c3 + n);
    c32.intoArray(c, c3 + 2 * n);
    c33.intoArray(c, c3 + 3 * n);
    c40.intoArray(c, c4);
    c41.intoArray(c, c4 + n);
    c42.intoArray(c, c4 + 2 * n);
    c43.intoArray(c, c4 + 3 * n);
    c50.intoArray(c, c5);
    c51.intoArray(c, c5 + n);
    c52.intoArray(c, c5 + 2 * n);
    c53.intoArray(c, c5 + 3 * n);
  }

  /** 12 accumulators, two vectors of b, one of a: 15 of 16 registers. */
  static void sixByTwo(
      VectorWidth width,
      float[] a,
      int a0,
      int aStride,
      MemorySegment b,
      long b0,
      long b1,
      int k,
      float[] c,
      int c0,
      int cStride,
      int rows) {
    VectorSpecies<Float> f = width.floats();
    int n = f.length();
    int a1 = a0 + Math.min(1, rows - 1) * aStride;
    int a2 = a0 + Math.min(2, rows - 1) * aStride;
    int a3 = a0 + Math.min(3, rows - 1) * aStride;
    int a4 = a0 + Math.min(4, rows - 1) * aStride;
    int a5 = a0 + Math.min(5, rows - 1) * aStride;
    int c1 = c0 + Math.min(1, rows - 1) * cStride;
    int c2 = c0 + Math.min(2, rows - 1) * cStride;
    int c3 = c0 + Math.min(3, rows - 1) * cStride;
    int c4 = c0 + Math.min(4, rows - 1) * cStride;
    int c5 = c0 + Math.min(5, rows - 1) * cStride;
    FloatVector c00 = FloatVector.fromArray(f, c, c0);
    FloatVector c01 = FloatVector.fromArray(f, c, c0 + n);
    FloatVector c10 = FloatVector.fromArray(f, c, c1);
    FloatVector c11 = FloatVector.fromArray(f, c, c1 + n);
    FloatVector c20 = FloatVector.fromArray(f, c, c2);
    FloatVector c21 = FloatVector.fromArray(f, c, c2 + n);
    FloatVector c30 = FloatVector.fromArray(f, c, c3);
    FloatVector c31 = FloatVector.fromArray(f, c, c3 + n);
    FloatVector c40 = FloatVector.fromArray(f, c, c4);
    FloatVector c41 = FloatVector.fromArray(f, c, c4 + n);
    FloatVector c50 = FloatVector.fromArray(f, c, c5);
    FloatVector c51 = FloatVector.fromArray(f, c, c5 + n);
    for (int p = 0; p < k; p++) {
      long line = (long) p * Panels.LINE_BYTES;
      FloatVector v0 = FloatVector.fromMemorySegment(f, b, b0 + line, LITTLE_ENDIAN);
      FloatVector v1 = FloatVector.fromMemorySegment(f, b, b1 + line, LITTLE_ENDIAN);
      FloatVector x = FloatVector.broadcast(f, a[a0 + p]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      x = FloatVector.broadcast(f, a[a1 + p]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      x = FloatVector.broadcast(f, a[a2 + p]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      x = FloatVector.broadcast(f, a[a3 + p]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      x = FloatVector.broadcast(f, a[a4 + p]);
      c40 = x.fma(v0, c40);
      c41 = x.fma(v1, c41);
      x = FloatVector.broadcast(f, a[a5 + p]);
      c50 = x.fma(v0, c50);
      c51 = x.fma(v1, c51);
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + n);
    c10.intoArray(c, c1);
    c11.intoArray(c, c1 + n);
    c20.intoArray(c, c2);
    c21.intoArray(c, c2 + n);
    c30.intoArray(c, c3);
    c31.intoArray(c, c3 + n);
    c40.intoArray(c, c4);
    c41.intoArray(c, c4 + n);
    c50.intoArray(c, c5);
    c51.intoArray(c, c5 + n);
  }

  /** One row: bound by the reading of b. */
  static void oneByFour(
      VectorWidth width,
      float[] a,
      int a0,
      MemorySegment b,
      long b0,
      long b1,
      long b2,
      long b3,
      int k,
      float[] c,
      int c0) {
    VectorSpecies<Float> f = width.floats();
    int n = f.length();
    FloatVector c00 = FloatVector.fromArray(f, c, c0);
    FloatVector c01 = FloatVector.fromArray(f, c, c0 + n);
    FloatVector c02 = FloatVector.fromArray(f, c, c0 + 2 * n);
    FloatVector c03 = FloatVector.fromArray(f, c, c0 + 3 * n);
    for (int p = 0; p < k; p++) {
      long line = (long) p * Panels.LINE_BYTES;
      FloatVector v0 = FloatVector.fromMemorySegment(f, b, b0 + line, LITTLE_ENDIAN);
      FloatVector v1 = FloatVector.fromMemorySegment(f, b, b1 + line, LITTLE_ENDIAN);
      FloatVector v2 = FloatVector.fromMemorySegment(f, b, b2 + line, LITTLE_ENDIAN);
      FloatVector v3 = FloatVector.fromMemorySegment(f, b, b3 + line, LITTLE_ENDIAN);
      FloatVector x = FloatVector.broadcast(f, a[a0 + p]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      c02 = x.fma(v2, c02);
      c03 = x.fma(v3, c03);
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + n);
    c02.intoArray(c, c0 + 2 * n);
    c03.intoArray(c, c0 + 3 * n);
  }
}
