package dev.spectron.importers;

import dev.spectron.core.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How GGUF stores numbers: plain, or 32 at a time with a scale of half precision before them. */
enum GgufType {
  /** Plain. */
  F32(0, 1, 4, DType.F32),
  /** Plain. */
  F16(1, 1, 2, DType.F16),
  /** d·(q − 8); the low half of byte j is number j, the high half number j + 16. */
  Q4_0(2, 32, 18, DType.F32),
  /** d·q. */
  Q8_0(8, 32, 34, DType.F32),
  /** Plain. */
  BF16(30, 1, 2, DType.BF16);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int code;
  private final int block;
  private final int blockBytes;
  private final DType stored;

  GgufType(int code, int block, int blockBytes, DType stored) {
    this.code = code;
    this.block = block;
    this.blockBytes = blockBytes;
    this.stored = stored;
  }

  int code() {
    return code;
  }

  /** Numbers that are stored together; a row has a multiple of them. */
  int block() {
    return block;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** How a bundle stores it. */
  DType stored() {
    return stored;
  }

  boolean isPlain() {
    return block == 1;
  }

  /** The numbers of a quantised tensor. */
  float[] floats(MemorySegment from, int count) {
    float[] values = new float[count];
    for (int b = 0; b < count / block; b++) {
      long at = (long) b * blockBytes;
      float scale = Float.float16ToFloat(from.get(SHORT, at));
      for (int i = 0; i < block; i++) {
        values[b * block + i] = scale * number(from, at + Short.BYTES, i);
      }
    }
    return values;
  }

  private int number(MemorySegment from, long at, int i) {
    if (this == Q8_0) {
      return from.get(ValueLayout.JAVA_BYTE, at + i);
    }
    int both = from.get(ValueLayout.JAVA_BYTE, at + i % 16);
    return (i < 16 ? both & 15 : both >> 4 & 15) - 8;
  }
}
