package dev.spectron.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.spectron.core.packing.Int4Panels;
import dev.spectron.core.packing.PanelFormat;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over {@link Int4Panels}. A line is taken as 16-bit integers of four codes each; each code
 * times its activation is added up in 16 bits over a block. Sixteen such products are at most
 * 16·15·127, which 16 bits hold.
 *
 * <pre>
 * a line, one int of it     | c7 c3 | c6 c2 | c5 c1 | c4 c0 |
 * as two 16-bit integers    | c7  c3  c6  c2 | c5  c1  c4  c0 |
 * lowest 4 bits, times      |       x2       |       x0       |
 * the next, times           |       x6       |       x4       |
 * the next, times           |       x3       |       x1       |
 * the highest, times        |       x7       |       x5       |
 * </pre>
 */
final class Int4Kernel {
  /** Pairs of activations for a slab: four for each line of codes. */
  static final int PAIRS = 32;

  private static final int LINES = 4;

  private Int4Kernel() {}

  /** Lays out the activations of a slab. */
  static void pair(int[] codes, int from, int[] pairs, int to) {
    for (int line = 0; line < 2 * LINES; line++) {
      int x = from + 8 * line;
      pairs[to + 4 * line] = IntegerRows.pair(codes[x], codes[x + 2]);
      pairs[to + 4 * line + 1] = IntegerRows.pair(codes[x + 4], codes[x + 6]);
      pairs[to + 4 * line + 2] = IntegerRows.pair(codes[x + 1], codes[x + 3]);
      pairs[to + 4 * line + 3] = IntegerRows.pair(codes[x + 5], codes[x + 7]);
    }
  }

  /**
   * y[j] = S[j]·Σ_blocks scale of x·s[j]·(codes[j]·x) + O[j]·Σ_blocks scale of x·o[j]·Σx for the
   * columns j of some panels: what stands behind the scale of x is exact, and the blocks are added
   * up in order.
   *
   * @param b holds the panels; the first starts at {@code panel}
   * @param x pairs of {@link #pair}, from {@code x0} on
   * @param scales of the activations' blocks, from {@code s0} on
   * @param sums of the activations' blocks, from {@code s0} on
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
      float[] sums,
      int s0,
      float[] y,
      int y0) {
    VectorSpecies<Float> f = width.floats();
    VectorSpecies<Integer> ints = width.ints();
    int n = ints.length();
    long panelBytes = Int4Panels.HEAD_BYTES + (long) slabs * Int4Panels.SLAB_BYTES;
    for (int column = 0; column < panels * PanelFormat.WIDTH; column += n) {
      long at =
          panel
              + column / PanelFormat.WIDTH * panelBytes
              + (long) (column % PanelFormat.WIDTH) * Integer.BYTES;
      FloatVector scaled = FloatVector.zero(f);
      FloatVector offset = FloatVector.zero(f);
      for (int block = 0; block < 2 * slabs; block++) {
        long slab = at + Int4Panels.HEAD_BYTES + (long) (block / 2) * Int4Panels.SLAB_BYTES;
        long line = slab + (1 + (long) (block % 2) * LINES) * PanelFormat.LINE_BYTES;
        int pair = x0 + block * (PAIRS / 2);
        ShortVector dots = IntVector.zero(ints).reinterpretAsShorts();
        for (int i = 0; i < LINES; i++) {
          ShortVector codes =
              IntVector.fromMemorySegment(
                      ints, b, line + (long) i * PanelFormat.LINE_BYTES, LITTLE_ENDIAN)
                  .reinterpretAsShorts();
          dots =
              codes
                  .and((short) 0xF)
                  .mul(IntVector.broadcast(ints, x[pair + 4 * i]).reinterpretAsShorts())
                  .add(dots);
          dots =
              codes
                  .lanewise(LSHR, 4)
                  .and((short) 0xF)
                  .mul(IntVector.broadcast(ints, x[pair + 4 * i + 1]).reinterpretAsShorts())
                  .add(dots);
          dots =
              codes
                  .lanewise(LSHR, 8)
                  .and((short) 0xF)
                  .mul(IntVector.broadcast(ints, x[pair + 4 * i + 2]).reinterpretAsShorts())
                  .add(dots);
          dots =
              codes
                  .lanewise(LSHR, 12)
                  .mul(IntVector.broadcast(ints, x[pair + 4 * i + 3]).reinterpretAsShorts())
                  .add(dots);
        }
        IntVector halves = dots.reinterpretAsInts();
        IntVector both =
            halves.lanewise(ASHR, 16).add(halves.lanewise(LSHL, 16).lanewise(ASHR, 16));
        FloatVector dot = (FloatVector) both.convertShape(I2F, f, 0);
        IntVector units =
            IntVector.fromMemorySegment(ints, b, slab, LITTLE_ENDIAN)
                .lanewise(LSHL, block % 2 == 0 ? 16 : 0);
        FloatVector s = (FloatVector) units.lanewise(LSHR, 16).and(0xFF).convertShape(I2F, f, 0);
        FloatVector o = (FloatVector) units.lanewise(ASHR, 24).convertShape(I2F, f, 0);
        FloatVector scale = FloatVector.broadcast(f, scales[s0 + block]);
        scaled = dot.mul(s).fma(scale, scaled);
        offset = o.mul(sums[s0 + block]).fma(scale, offset);
      }
      FloatVector scaleUnit = FloatVector.fromMemorySegment(f, b, at, LITTLE_ENDIAN);
      FloatVector offsetUnit =
          FloatVector.fromMemorySegment(f, b, at + PanelFormat.LINE_BYTES, LITTLE_ENDIAN);
      scaleUnit.fma(scaled, offsetUnit.mul(offset)).intoArray(y, y0 + column);
    }
  }

  /**
   * Writes slabs as float32 lines.
   *
   * @param panel address of the panel in {@code b}
   * @param slab index of the first
   * @param to address of the first line in {@code scratch}
   */
  static void unpack(
      VectorWidth width,
      MemorySegment b,
      long panel,
      int slab,
      int slabs,
      MemorySegment scratch,
      long to) {
    VectorSpecies<Float> f = width.floats();
    VectorSpecies<Integer> ints = width.ints();
    long first = Int4Panels.HEAD_BYTES + (long) slab * Int4Panels.SLAB_BYTES;
    for (int column = 0; column < PanelFormat.WIDTH; column += ints.length()) {
      long head = panel + (long) column * Integer.BYTES;
      long out = to + (long) column * Float.BYTES;
      FloatVector scaleUnit = FloatVector.fromMemorySegment(f, b, head, LITTLE_ENDIAN);
      FloatVector offsetUnit =
          FloatVector.fromMemorySegment(f, b, head + PanelFormat.LINE_BYTES, LITTLE_ENDIAN);
      for (int block = 0; block < 2 * slabs; block++) {
        long at = head + first + (long) (block / 2) * Int4Panels.SLAB_BYTES;
        long line = at + (1 + (long) (block % 2) * LINES) * PanelFormat.LINE_BYTES;
        IntVector units =
            IntVector.fromMemorySegment(ints, b, at, LITTLE_ENDIAN)
                .lanewise(LSHL, block % 2 == 0 ? 16 : 0);
        FloatVector s = (FloatVector) units.lanewise(LSHR, 16).and(0xFF).convertShape(I2F, f, 0);
        FloatVector o = (FloatVector) units.lanewise(ASHR, 24).convertShape(I2F, f, 0);
        FloatVector scale = scaleUnit.mul(s);
        FloatVector offset = offsetUnit.mul(o);
        for (int i = 0; i < IntegerRows.BLOCK; i++) {
          IntVector codes =
              IntVector.fromMemorySegment(
                  ints, b, line + (long) (i / 8) * PanelFormat.LINE_BYTES, LITTLE_ENDIAN);
          IntVector code = codes.lanewise(LSHR, 8 * (i % 4) + i % 8 / 4 * 4).and(0xF);
          ((FloatVector) code.convertShape(I2F, f, 0))
              .mul(scale)
              .add(offset)
              .intoMemorySegment(
                  scratch,
                  out + ((long) block * IntegerRows.BLOCK + i) * Panels.LINE_BYTES,
                  LITTLE_ENDIAN);
        }
      }
    }
  }
}
