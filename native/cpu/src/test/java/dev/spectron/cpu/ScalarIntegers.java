package dev.spectron.cpu;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Bf16Panels;
import dev.spectron.core.packing.Int4Panels;
import dev.spectron.core.packing.Int8Panels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Products of integers as the formulas of the kernels have them, without vectors. */
final class ScalarIntegers {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ScalarIntegers() {}

  static float int8(float[] x, WeightData weight, int column) {
    MemorySegment panel = panel(weight, column);
    int row = column % 16;
    float sum = 0;
    for (int block = 0; block * 32 < x.length; block++) {
      Block own = Block.of(x, block);
      long slab = (long) (block / 2) * Int8Panels.SLAB_BYTES;
      float scale = Bf16Panels.value(panel.get(SHORT, slab + row * 4L + block % 2 * 2L));
      int dot = 0;
      for (int i = 0; i < own.codes.length; i++) {
        int k = block % 2 * 32 + i;
        long at = slab + (1 + k / 4) * 64L + row * 4L + k % 4;
        dot += own.codes[i] * ((panel.get(ValueLayout.JAVA_BYTE, at) & 0xFF) - 128);
      }
      sum = Math.fma((float) dot, scale * own.scale, sum);
    }
    return sum;
  }

  static float int4(float[] x, WeightData weight, int column) {
    MemorySegment panel = panel(weight, column);
    int row = column % 16;
    float scaled = 0;
    float offset = 0;
    for (int block = 0; block * 32 < x.length; block++) {
      Block own = Block.of(x, block);
      long slab = Int4Panels.HEAD_BYTES + (long) (block / 2) * Int4Panels.SLAB_BYTES;
      long units = slab + row * 4L + block % 2 * 2L;
      int dot = 0;
      int sum = 0;
      for (int i = 0; i < own.codes.length; i++) {
        int k = block % 2 * 32 + i;
        long at = slab + (1 + k / 8) * 64L + row * 4L + k % 4;
        int both = panel.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
        dot += own.codes[i] * (k % 8 < 4 ? both & 15 : both >> 4);
        sum += own.codes[i];
      }
      int s = panel.get(ValueLayout.JAVA_BYTE, units) & 0xFF;
      int o = panel.get(ValueLayout.JAVA_BYTE, units + 1);
      scaled = Math.fma((float) dot * s, own.scale, scaled);
      offset = Math.fma((float) o * sum, own.scale, offset);
    }
    float scaleUnit = panel.get(FLOAT, row * 4L);
    float offsetUnit = panel.get(FLOAT, 64 + row * 4L);
    return Math.fma(scaleUnit, scaled, offsetUnit * offset);
  }

  private static MemorySegment panel(WeightData weight, int column) {
    long bytes = weight.packing().panels().panelBytes(weight.shape().size(1));
    return weight.data().asSlice(column / 16 * bytes, bytes);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(int[] codes, float scale) {
    static Block of(float[] x, int block) {
      int[] codes = new int[Math.min(32, x.length - block * 32)];
      float largest = 0;
      for (int i = 0; i < codes.length; i++) {
        largest = Math.max(largest, Math.abs(x[block * 32 + i]));
      }
      for (int i = 0; i < codes.length; i++) {
        float inverse = largest == 0 ? 0 : 127 / largest;
        codes[i] = (int) Math.rint(x[block * 32 + i] * inverse);
      }
      return new Block(codes, largest / 127);
    }
  }
}
