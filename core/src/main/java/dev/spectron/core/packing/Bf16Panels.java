package dev.spectron.core.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Panels of bf16. A line is two steps in depth: the even one in the lower halves of sixteen ints,
 * the odd one in the upper.
 */
public final class Bf16Panels implements PanelFormat {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  Bf16Panels() {}

  @Override
  public long panelBytes(int depth) {
    return Math.ceilDiv(depth, 2) * (long) LINE_BYTES;
  }

  @Override
  public void pack(float[] rows, int count, int depth, MemorySegment panel) {
    for (int row = 0; row < count; row++) {
      for (int k = 0; k < depth; k++) {
        panel.set(SHORT, address(row, k), bits(rows[row * depth + k]));
      }
    }
  }

  @Override
  public float get(MemorySegment panel, int row, int k, int depth) {
    return value(panel.get(SHORT, address(row, k)));
  }

  private static long address(int row, int k) {
    return (long) (k / 2) * LINE_BYTES + (long) row * Integer.BYTES + (long) (k % 2) * Short.BYTES;
  }

  /** The nearest bf16, ties to even; NaN stays NaN. */
  public static short bits(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** What a bf16 stands for. */
  public static float value(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }
}
