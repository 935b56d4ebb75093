package dev.spectron.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;

/**
 * The arguments of a launch in one block of native memory, used again and again: the driver copies
 * them before a launch returns. JCuda's way of a pointer object for each argument costs twice as
 * much.
 */
final class KernelArguments {
  private static final int MOST = 32;
  private static final int VALUES = MOST * Long.BYTES;

  private final ByteBuffer block =
      ByteBuffer.allocateDirect(VALUES + 1024).order(ByteOrder.nativeOrder());
  private final long address = MemorySegment.ofBuffer(block).address();
  private final Pointer pointer = Pointer.to(block);
  private int count;
  private int end;

  /** Begins anew. */
  KernelArguments clear() {
    count = 0;
    end = VALUES;
    return this;
  }

  private int next(int bytes) {
    end = Math.ceilDiv(end, Long.BYTES) * Long.BYTES;
    block.putLong(count * Long.BYTES, address + end);
    count++;
    int at = end;
    end += bytes;
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

  Pointer pointer() {
    return pointer;
  }
}
