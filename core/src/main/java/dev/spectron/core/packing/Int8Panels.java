package dev.spectron.core.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Panels of 8-bit integers with a scale for each 32 steps in depth of each row: w = scale·(code −
 * 128). A slab is 64 steps in 17 lines; a last one is filled up with codes of 0, which count
 * nothing beside activations of 0.
 *
 * <pre>
 * line 0      of each row: scale of steps 0 to 31, scale of steps 32 to 63, both bf16
 * line 1 + j  of each row: codes of steps 4j, 4j + 1, 4j + 2, 4j + 3, a byte each, 0 to 255
 * </pre>
 *
 * <p>Four codes side by side are what instructions for dot products of bytes take; unsigned ones
 * because one of their operands is.
 */
public final class Int8Panels implements PanelFormat {
  /** Steps that share a scale. */
  public static final int BLOCK = 32;

  /** Steps of a slab. */
  public static final int SLAB = 64;

  /** Bytes of a slab. */
  public static final int SLAB_BYTES = 17 * LINE_BYTES;

  /** The code of 0. */
  public static final int ZERO = 128;

  private static final int LARGEST = 127;

  Int8Panels() {}

  @Override
  public long panelBytes(int depth) {
    return Math.ceilDiv(depth, SLAB) * (long) SLAB_BYTES;
  }

  @Override
  public void pack(float[] rows, int count, int depth, MemorySegment panel) {
    for (int row = 0; row < count; row++) {
      for (int from = 0; from < depth; from += BLOCK) {
        packBlock(rows, row * depth, row, from, Math.min(depth, from + BLOCK), panel);
      }
    }
  }

  private static void packBlock(
      float[] rows, int start, int row, int from, int to, MemorySegment panel) {
    float largest = 0;
    for (int k = from; k < to; k++) {
      largest = Math.max(largest, Math.abs(rows[start + k]));
    }
    short bits = scaleBits(largest / LARGEST);
    float scale = Bf16Panels.value(bits);
    panel.set(Bf16Panels.SHORT, scaleAddress(row, from), bits);
    for (int k = from; k < to; k++) {
      int code = scale == 0 ? 0 : Math.round(rows[start + k] / scale);
      byte stored = (byte) (Math.clamp(code, -LARGEST, LARGEST) + ZERO);
      panel.set(ValueLayout.JAVA_BYTE, codeAddress(row, k), stored);
    }
  }

  /** The next bf16 above, so that the largest weight keeps within the codes. */
  private static short scaleBits(float scale) {
    int bits = Float.floatToRawIntBits(scale);
    return (short) ((bits + 0xFFFF) >>> Short.SIZE);
  }

  @Override
  public float get(MemorySegment panel, int row, int k, int depth) {
    float scale = Bf16Panels.value(panel.get(Bf16Panels.SHORT, scaleAddress(row, k)));
    int code = Byte.toUnsignedInt(panel.get(ValueLayout.JAVA_BYTE, codeAddress(row, k)));
    return scale * (code - ZERO);
  }

  private static long scaleAddress(int row, int k) {
    return slab(k) + (long) row * Integer.BYTES + (long) (k % SLAB / BLOCK) * Short.BYTES;
  }

  private static long codeAddress(int row, int k) {
    int line = 1 + k % SLAB / Integer.BYTES;
    return slab(k) + (long) line * LINE_BYTES + (long) row * Integer.BYTES + k % Integer.BYTES;
  }

  private static long slab(int k) {
    return (long) (k / SLAB) * SLAB_BYTES;
  }
}
