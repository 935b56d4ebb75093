package dev.spectron.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The arguments of a launch while they are put together. */
final class KernelArguments {
  /** Most arguments, and most bytes of their values. */
  static final int MOST = 32;

  static final int MOST_BYTES = 1024;

  private final byte[] values = new byte[MOST_BYTES];
  private final ByteBuffer block = ByteBuffer.wrap(values).order(ByteOrder.nativeOrder());
  private final int[] starts = new int[MOST];
  private int count;
  private int end;

  /** Begins anew. */
  KernelArguments clear() {
    count = 0;
    end = 0;
    return this;
  }

  private int next(int bytes) {
    int at = Math.ceilDiv(end, Long.BYTES) * Long.BYTES;
    // What lies between two arguments is zero, so that equal arguments are equal bytes.
    Arrays.fill(values, end, at, (byte) 0);
    starts[count++] = at;
    end = at + bytes;
    return at;
  }

  /** An address, 0 for none. */
  KernelArguments address(long value) {
    block.putLong(next(Long.BYTES), value);
    return this;
  }

  KernelArguments integer(int value) {
    block.putInt(next(Integer.BYTES), value);
    return this;
  }

  KernelArguments real(float value) {
    block.putFloat(next(Float.BYTES), value);
    return this;
  }

  /** A structure of 32-bit members; a float goes in by its bits. */
  KernelArguments structure(int... members) {
    int at = next(members.length * Integer.BYTES);
    for (int i = 0; i < members.length; i++) {
      block.putInt(at + i * Integer.BYTES, members[i]);
    }
    return this;
  }

  /** A copy of what was put together. */
  Packed packed() {
    return new Packed(Arrays.copyOf(values, end), Arrays.copyOf(starts, count));
  }

  /**
   * Arguments of one launch.
   *
   * @param values their bytes
   * @param starts where each begins
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Packed(byte[] values, int[] starts) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Packed packed
          && Arrays.equals(values, packed.values)
          && Arrays.equals(starts, packed.starts);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
