package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.spectron.core.error.CapacityException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Copies host numbers into memory of libtorch. The arrays that DJL makes of Java buffers stay views
 * of those buffers, which a graph kept for a backward pass may outlive; these do not.
 */
final class HostArrays {
  private static final int KEPT_BYTES = 64 << 20;

  private final TorchScript script;
  private final NDManager views;
  private ByteBuffer staging = ByteBuffer.allocateDirect(0);

  /**
   * @param views holds the views for the time of a copy
   */
  HostArrays(TorchScript script, NDManager views) {
    this.script = script;
    this.views = views;
  }

  /** Float32 values, row-major. */
  NDArray floats(NDManager owner, float[] values, Shape shape) {
    ByteBuffer buffer = stage(values.length, Float.BYTES);
    buffer.asFloatBuffer().put(values);
    return copy(owner, buffer, shape, DataType.FLOAT32);
  }

  /** Int64 values, row-major. */
  NDArray longs(NDManager owner, int[] values, Shape shape) {
    ByteBuffer buffer = stage(values.length, Long.BYTES);
    for (int i = 0; i < values.length; i++) {
      buffer.putLong(i * Long.BYTES, values[i]);
    }
    return copy(owner, buffer, shape, DataType.INT64);
  }

  /** Booleans, row-major. */
  NDArray booleans(NDManager owner, boolean[] values, Shape shape) {
    ByteBuffer buffer = stage(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      buffer.put(i, (byte) (values[i] ? 1 : 0));
    }
    return copy(owner, buffer, shape, DataType.BOOLEAN);
  }

  /**
   * 0 with probability {@code rate}, else 1 / (1 − rate), in float32. libtorch's own generator
   * takes some twenty times as long, and its numbers depend on its version.
   */
  NDArray dropout(NDManager owner, SplittableRandom random, float rate, Shape shape) {
    int n = Math.toIntExact(shape.size());
    ByteBuffer buffer = stage(n, Float.BYTES);
    int threshold = Math.round(rate * 0x10000);
    float kept = 1 / (1 - rate);
    long bits = 0;
    for (int i = 0; i < n; i++) {
      // Each random long serves four elements, sixteen bits each.
      bits = (i & 3) == 0 ? random.nextLong() : bits >>> 16;
      buffer.putFloat(i * Float.BYTES, (bits & 0xFFFF) < threshold ? 0 : kept);
    }
    return copy(owner, buffer, shape, DataType.FLOAT32);
  }

  private ByteBuffer stage(int elements, int bytes) {
    long size = (long) elements * bytes;
    if (size > Integer.MAX_VALUE - 16) {
      throw new CapacityException(
          "djl: expected at most 2 GB in one copy from the host, found "
              + size
              + " bytes; use smaller batches");
    }
    if (size > KEPT_BYTES) {
      return ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
    }
    if (staging.capacity() < size) {
      staging = ByteBuffer.allocateDirect((int) size);
    }
    return staging.slice(0, (int) size).order(ByteOrder.nativeOrder());
  }

  private NDArray copy(NDManager owner, ByteBuffer buffer, Shape shape, DataType type) {
    try (NDArray view = views.create(buffer, shape, type)) {
      return script.call(owner, false, "copy", view);
    }
  }
}
