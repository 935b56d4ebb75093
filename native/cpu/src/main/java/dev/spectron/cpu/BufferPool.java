package dev.spectron.cpu;

import dev.spectron.core.backend.MemoryPool;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Recycles the arrays of dead tensors, so that a decoding step makes next to no garbage and large
 * activations are not zeroed for nothing. Arrays come in sizes an eighth of a power of two apart,
 * so that a tensor of any length finds one that wastes little. What a recycled array holds is
 * unspecified. For one thread.
 */
final class BufferPool implements MemoryPool<float[]> {
  private final boolean poison;
  private final long capacity;
  private final Map<Integer, Deque<float[]>> free = new HashMap<>();
  private long held;
  private int made;

  /**
   * An empty pool.
   *
   * @param capacity elements kept at most; what is given beyond goes to the garbage collector
   * @param poison whether arrays are handed out full of NaN
   */
  BufferPool(long capacity, boolean poison) {
    this.capacity = capacity;
    this.poison = poison;
  }

  /** An array of at least {@code length} elements. */
  @Override
  public float[] take(int length) {
    int size = size(length);
    Deque<float[]> sameSize = free.get(size);
    float[] buffer;
    if (sameSize == null || sameSize.isEmpty()) {
      buffer = new float[size];
      made++;
    } else {
      buffer = sameSize.pop();
      held -= size;
    }
    if (poison) {
      Arrays.fill(buffer, Float.NaN);
    }
    return buffer;
  }

  /** Takes back an array from {@link #take} that nobody uses any more. */
  @Override
  public void give(float[] buffer) {
    if (poison) {
      Arrays.fill(buffer, Float.NaN);
    }
    if (held + buffer.length <= capacity) {
      held += buffer.length;
      free.computeIfAbsent(buffer.length, _ -> new ArrayDeque<>()).push(buffer);
    }
  }

  /** Arrays made so far. */
  int made() {
    return made;
  }

  /** Elements kept for reuse. */
  long held() {
    return held;
  }

  /** Rounds a length up to the next multiple of an eighth of its leading power of two. */
  private static int size(int length) {
    int step = Math.max(64, Integer.highestOneBit(length) / 8);
    int rounded = (length + step - 1) / step * step;
    return rounded > 0 ? rounded : length;
  }
}
