package dev.spectron.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.spectron.core.packing.Int8Panels;
import dev.spectron.core.packing.PanelFormat;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over {@link Int8Panels}. The Vector API has no dot product of bytes, so a line is taken as
 * twice as many 16-bit integers: even and odd codes times two activations each, modulo 2¹⁶. Codes
 * are 128 too large, and a product of one may overflow; the sum of both less 128 times the
 * activations is at most 2·127·127, so modulo 2¹⁶ it is right after all.
 *
 * <pre>
 * a line, one int of it     | code 3 | code 2 | code 1 | code 0 |
 * as two 16-bit integers    | c3·256 + c2     | c1·256 + c0     |
 * and 255, times            |       x2        |       x0        |
 * shifted by 8, times       |       x3        |       x1        |
 * and                       | −128·(x2 + x3)  | −128·(x0 + x1)  |
 * </pre>
 */
final class Int8Kernel {
  /** Pairs of activations for a slab: three for each line of codes. */
  static final int PAIRS = 48;

  private static final int LINES = 8;
  private static final int UPPER_HALF = 0xffff0000;

  private Int8Kernel() {}

  /** Lays out the activations of a slab. */
  static void pair(int[] codes, int from, int[] pairs, int to) {
    for (int line = 0; line < 2 * LINES; line++) {
      int x = from + 4 * line;
      int low = -Int8Panels.ZERO * (codes[x] + codes[x + 1]);
      int high = -Int8Panels.ZERO * (codes[x + 2] + codes[x + 3]);
      pairs[to + 3 * line] = IntegerRows.pair(codes[x], codes[x + 2]);
      pairs[to + 3 * line + 1] = IntegerRows.pair(codes[x + 1], codes[x + 3]);
      pairs[to + 3 * line + 2] = IntegerRows.pair(low, high);
    }
  }

  /**
   * y[j] = Σ_blocks scale[j]·scale of x·(codes[j]·x) for the columns j of some panels: the sum of a
   * block is exact, and the blocks are added up in order.
   *
   * @param b holds the panels; the first starts at {@code panel}
   * @param x pairs of {@link #pair}, from {@code x0} on
   * @param scales of the activations' blocks, from {@code s0} on
   * @param y from {@code y0} on, sixteen for each panel
   */
  static void multiply(
      VectorWidth width,
      MemorySegment b,
      long panel,
      int panels,
      int slabs,
      int[] x,
      int x0,
      float[] scales,
      int s0,
      float[] y,
      int y0) {
    VectorSpecies<Float> f = width.floats();
    VectorSpecies<Integer> ints = width.ints();
    int n = ints.length();
    for (int column = 0; column < panels * PanelFormat.WIDTH; column += n) {
      long at =
          panel
              + (long) (column / PanelFormat.WIDTH) * slabs * Int8Panels.SLAB_BYTES
              + (long) (column % PanelFormat.WIDTH) * Integer.BYTES;
      FloatVector sum = FloatVector.zero(f);
      for (int block = 0; block < 2 * slabs; block++) {
        long slab = at + (long) (block / 2) * Int8Panels.SLAB_BYTES;
        long line = slab + (1 + (long) (block % 2) * LINES) * PanelFormat.LINE_BYTES;
        int pair = x0 + block * (PAIRS / 2);
        IntVector even = IntVector.zero(ints);
        IntVector odd = IntVector.zero(ints);
        for (int i = 0; i < LINES; i++) {
          ShortVector codes =
              IntVector.fromMemorySegment(
                      ints, b, line + (long) i * PanelFormat.LINE_BYTES, LITTLE_ENDIAN)
                  .reinterpretAsShorts();
          IntVector dot =
              codes
                  .and((short) 0xFF)
                  .mul(IntVector.broadcast(ints, x[pair + 3 * i]).reinterpretAsShorts())
                  .add(
                      codes
                          .lanewise(LSHR, 8)
                          .mul(
                              IntVector.broadcast(ints, x[pair + 3 * i + 1]).reinterpretAsShorts()))
                  .add(IntVector.broadcast(ints, x[pair + 3 * i + 2]).reinterpretAsShorts())
                  .reinterpretAsInts();
          odd = odd.add(dot.lanewise(ASHR, 16));
          even = even.add(dot.lanewise(LSHL, 16).lanewise(ASHR, 16));
        }
        FloatVector dot = (FloatVector) even.add(odd).convertShape(I2F, f, 0);
        FloatVector scale =
            IntVector.fromMemorySegment(ints, b, slab, LITTLE_ENDIAN)
                .lanewise(LSHL, block % 2 == 0 ? 16 : 0)
                .and(UPPER_HALF)
                .reinterpretAsFloats();
        sum = dot.fma(scale.mul(scales[s0 + block]), sum);
      }
      sum.intoArray(y, y0 + column);
    }
  }

  /**
   * Writes slabs as float32 lines.
   *
   * @param from address of the first slab in {@code b}
   * @param to address of the first line in {@code scratch}
   */
  static void unpack(
      VectorWidth width, MemorySegment b, long from, int slabs, MemorySegment scratch, long to) {
    VectorSpecies<Float> f = width.floats();
    VectorSpecies<Integer> ints = width.ints();
    for (int column = 0; column < PanelFormat.WIDTH; column += ints.length()) {
      long at = from + (long) column * Integer.BYTES;
      long out = to + (long) column * Float.BYTES;
      for (int block = 0; block < 2 * slabs; block++) {
        long slab = at + (long) (block / 2) * Int8Panels.SLAB_BYTES;
        long line = slab + (1 + (long) (block % 2) * LINES) * PanelFormat.LINE_BYTES;
        FloatVector scale =
            IntVector.fromMemorySegment(ints, b, slab, LITTLE_ENDIAN)
                .lanewise(LSHL, block % 2 == 0 ? 16 : 0)
                .and(UPPER_HALF)
                .reinterpretAsFloats();
        for (int i = 0; i < 4 * LINES; i++) {
          IntVector codes =
              IntVector.fromMemorySegment(
                  ints, b, line + (long) (i / 4) * PanelFormat.LINE_BYTES, LITTLE_ENDIAN);
          IntVector code = codes.lanewise(LSHR, 8 * (i % 4)).and(0xFF).sub(Int8Panels.ZERO);
          FloatVector value = ((FloatVector) code.convertShape(I2F, f, 0)).mul(scale);
          value.intoMemorySegment(
              scratch,
              out + ((long) block * IntegerRows.BLOCK + i) * Panels.LINE_BYTES,
              LITTLE_ENDIAN);
        }
      }
    }
  }
}
