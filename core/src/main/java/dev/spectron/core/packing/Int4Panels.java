package dev.spectron.core.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Panels of 4-bit integers with a scale and an offset for each 32 steps in depth of each row: w =
 * S·s·code + O·o, where a row has one S and one O and a block one byte each for s and o. A panel is
 * a head of two lines and slabs of 64 steps in nine lines; a last one is filled up with codes of 0,
 * which count nothing beside activations of 0.
 *
 * <pre>
 * head 0      of each row: S, float32
 * head 1      of each row: O, float32
 * line 0      of each row: s of steps 0 to 31 (0 to 255), o of the same (−127 to 127), s and o of steps 32 to 63
 * line 1 + j  of each row: four bytes; byte i holds the code of step 8j + i in its lower half, of 8j + 4 + i in its upper
 * </pre>
 *
 * <p>Scale and offset of a block are what the k-quants of llama.cpp have too; they cost 6 bits each
 * there, with a pair of half floats for 256 weights, and 4.5 bits a weight in all, as here.
 */
public final class Int4Panels implements PanelFormat {
  /** Steps that share a scale and an offset. */
  public static final int BLOCK = 32;

  /** Steps of a slab. */
  public static final int SLAB = 64;

  /** Bytes before the first slab. */
  public static final int HEAD_BYTES = 2 * LINE_BYTES;

  /** Bytes of a slab. */
  public static final int SLAB_BYTES = 9 * LINE_BYTES;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MOST_SCALE = 255;
  private static final int MOST_OFFSET = 127;

  Int4Panels() {}

  @Override
  public long panelBytes(int depth) {
    return HEAD_BYTES + Math.ceilDiv(depth, SLAB) * (long) SLAB_BYTES;
  }

  @Override
  public void pack(float[] rows, int count, int depth, MemorySegment panel) {
    int blocks = Math.ceilDiv(depth, BLOCK);
    for (int row = 0; row < count; row++) {
      BlockFit[] fits = new BlockFit[blocks];
      float mostScale = 0;
      float mostOffset = 0;
      for (int block = 0; block < blocks; block++) {
        int from = row * depth + block * BLOCK;
        fits[block] = BlockFit.of(rows, from, Math.min((row + 1) * depth, from + BLOCK));
        mostScale = Math.max(mostScale, fits[block].scale());
        mostOffset = Math.max(mostOffset, Math.abs(fits[block].offset()));
      }
      float scaleUnit = mostScale / MOST_SCALE;
      float offsetUnit = mostOffset / MOST_OFFSET;
      panel.set(FLOAT, (long) row * Float.BYTES, scaleUnit);
      panel.set(FLOAT, LINE_BYTES + (long) row * Float.BYTES, offsetUnit);
      for (int block = 0; block < blocks; block++) {
        int from = block * BLOCK;
        int to = Math.min(depth, from + BLOCK);
        packBlock(rows, row, depth, from, to, fits[block], scaleUnit, offsetUnit, panel);
      }
    }
  }

  private static void packBlock(
      float[] rows,
      int row,
      int depth,
      int from,
      int to,
      BlockFit fit,
      float scaleUnit,
      float offsetUnit,
      MemorySegment panel) {
    int s = scaleUnit == 0 ? 0 : Math.round(fit.scale() / scaleUnit);
    int o = offsetUnit == 0 ? 0 : Math.round(fit.offset() / offsetUnit);
    panel.set(ValueLayout.JAVA_BYTE, unitAddress(row, from), (byte) s);
    panel.set(ValueLayout.JAVA_BYTE, unitAddress(row, from) + 1, (byte) o);
    BlockFit rounded = new BlockFit(scaleUnit * s, offsetUnit * o);
    for (int k = from; k < to; k++) {
      int code = rounded.code(rows[row * depth + k]);
      long at = codeAddress(row, k);
      byte other = panel.get(ValueLayout.JAVA_BYTE, at);
      panel.set(ValueLayout.JAVA_BYTE, at, (byte) (other | code << shift(k)));
    }
  }

  @Override
  public float get(MemorySegment panel, int row, int k, int depth) {
    float scaleUnit = panel.get(FLOAT, (long) row * Float.BYTES);
    float offsetUnit = panel.get(FLOAT, LINE_BYTES + (long) row * Float.BYTES);
    int s = Byte.toUnsignedInt(panel.get(ValueLayout.JAVA_BYTE, unitAddress(row, k)));
    int o = panel.get(ValueLayout.JAVA_BYTE, unitAddress(row, k) + 1);
    int code = panel.get(ValueLayout.JAVA_BYTE, codeAddress(row, k)) >>> shift(k) & 0xF;
    return scaleUnit * s * code + offsetUnit * o;
  }

  private static long unitAddress(int row, int k) {
    return slab(k) + (long) row * Integer.BYTES + (long) (k % SLAB / BLOCK) * Short.BYTES;
  }

  private static long codeAddress(int row, int k) {
    int line = 1 + k % SLAB / (2 * Integer.BYTES);
    return slab(k) + (long) line * LINE_BYTES + (long) row * Integer.BYTES + k % Integer.BYTES;
  }

  private static int shift(int k) {
    return k % (2 * Integer.BYTES) < Integer.BYTES ? 0 : 4;
  }

  private static long slab(int k) {
    return HEAD_BYTES + (long) (k / SLAB) * SLAB_BYTES;
  }
}
