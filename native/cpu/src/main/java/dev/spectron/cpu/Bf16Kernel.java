package dev.spectron.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over {@link Panels} of bf16. A line holds two steps of p in sixteen ints: the even one in
 * the lower halves, the odd one in the upper, so that one load, a shift and a mask give two vectors
 * of floats.
 */
final class Bf16Kernel {
  private static final int ODD = 0xffff0000;

  private Bf16Kernel() {}

  /**
   * c[j] += Σ_p a[p]·b[p, j], as {@link TileKernel#oneByFour} in the order of its sums; {@code b}
   * starts at an even p.
   */
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
    VectorSpecies<Integer> ints = width.ints();
    int n = f.length();
    FloatVector y0 = FloatVector.fromArray(f, c, c0);
    FloatVector y1 = FloatVector.fromArray(f, c, c0 + n);
    FloatVector y2 = FloatVector.fromArray(f, c, c0 + 2 * n);
    FloatVector y3 = FloatVector.fromArray(f, c, c0 + 3 * n);
    for (int p = 0; p < k / 2; p++) {
      long line = (long) p * Panels.LINE_BYTES;
      FloatVector even = FloatVector.broadcast(f, a[a0 + 2 * p]);
      FloatVector odd = FloatVector.broadcast(f, a[a0 + 2 * p + 1]);
      IntVector v0 = IntVector.fromMemorySegment(ints, b, b0 + line, LITTLE_ENDIAN);
      y0 = even.fma(v0.lanewise(LSHL, 16).reinterpretAsFloats(), y0);
      y0 = odd.fma(v0.and(ODD).reinterpretAsFloats(), y0);
      IntVector v1 = IntVector.fromMemorySegment(ints, b, b1 + line, LITTLE_ENDIAN);
      y1 = even.fma(v1.lanewise(LSHL, 16).reinterpretAsFloats(), y1);
      y1 = odd.fma(v1.and(ODD).reinterpretAsFloats(), y1);
      IntVector v2 = IntVector.fromMemorySegment(ints, b, b2 + line, LITTLE_ENDIAN);
      y2 = even.fma(v2.lanewise(LSHL, 16).reinterpretAsFloats(), y2);
      y2 = odd.fma(v2.and(ODD).reinterpretAsFloats(), y2);
      IntVector v3 = IntVector.fromMemorySegment(ints, b, b3 + line, LITTLE_ENDIAN);
      y3 = even.fma(v3.lanewise(LSHL, 16).reinterpretAsFloats(), y3);
      y3 = odd.fma(v3.and(ODD).reinterpretAsFloats(), y3);
    }
    if (k % 2 == 1) {
      long line = (long) (k / 2) * Panels.LINE_BYTES;
      FloatVector even = FloatVector.broadcast(f, a[a0 + k - 1]);
      IntVector v0 = IntVector.fromMemorySegment(ints, b, b0 + line, LITTLE_ENDIAN);
      y0 = even.fma(v0.lanewise(LSHL, 16).reinterpretAsFloats(), y0);
      IntVector v1 = IntVector.fromMemorySegment(ints, b, b1 + line, LITTLE_ENDIAN);
      y1 = even.fma(v1.lanewise(LSHL, 16).reinterpretAsFloats(), y1);
      IntVector v2 = IntVector.fromMemorySegment(ints, b, b2 + line, LITTLE_ENDIAN);
      y2 = even.fma(v2.lanewise(LSHL, 16).reinterpretAsFloats(), y2);
      IntVector v3 = IntVector.fromMemorySegment(ints, b, b3 + line, LITTLE_ENDIAN);
      y3 = even.fma(v3.lanewise(LSHL, 16).reinterpretAsFloats(), y3);
    }
    y0.intoArray(c, c0);
    y1.intoArray(c, c0 + n);
    y2.intoArray(c, c0 + 2 * n);
    y3.intoArray(c, c0 + 3 * n);
  }

  /**
   * Writes lines of bf16 as twice as many lines of floats.
   *
   * @param from address of the first line in {@code b}
   * @param to address of the result in {@code scratch}
   * @param lines lines to read
   */
  static void unpack(
      VectorWidth width, MemorySegment b, long from, MemorySegment scratch, long to, int lines) {
    VectorSpecies<Integer> ints = width.ints();
    for (int i = 0; i < lines * Panels.WIDTH; i += ints.length()) {
      long line = (long) (i / Panels.WIDTH) * Panels.LINE_BYTES;
      long column = (long) (i % Panels.WIDTH) * Float.BYTES;
      IntVector v = IntVector.fromMemorySegment(ints, b, from + line + column, LITTLE_ENDIAN);
      long at = to + 2 * line + column;
      v.lanewise(LSHL, 16).intoMemorySegment(scratch, at, LITTLE_ENDIAN);
      v.and(ODD).intoMemorySegment(scratch, at + Panels.LINE_BYTES, LITTLE_ENDIAN);
    }
  }
}
