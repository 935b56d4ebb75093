package dev.spectron.cpu;

import dev.spectron.core.backend.MemoryPool;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Recycles the arrays of dead tensors, so that a decoding step makes next to no garbage and large
 * activations are not zeroed for nothing. Arrays come in sizes an eighth of a power of two apart,
 * so that a tensor of any length finds one that wastes little. What a recycled array holds is
 * unspecified. For one thread.
 */
final class BufferPool implements MemoryPool<float[]> {
  private static final int STEPS = 8;
  private static final int CLASSES = STEPS * Integer.SIZE;

  private final boolean poison;
  private final long capacity;

  /** By {@link #sizeClass}. */
  private final List<Deque<float[]>> free =
      Stream.generate(() -> (Deque<float[]>) new ArrayDeque<float[]>(0)).limit(CLASSES).toList();

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
    Deque<float[]> sameSize = free.get(sizeClass(size));
    float[] buffer = sameSize.peek();
    if (buffer == null || buffer.length != size) {
      buffer = new float[size];
      made++;
    } else {
      sameSize.pop();
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
      free.get(sizeClass(buffer.length)).push(buffer);
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
    int step = Math.max(64, Integer.highestOneBit(length) / STEPS);
    int rounded = (length + step - 1) / step * step;
    return rounded > 0 ? rounded : length;
  }

  /** Eight to each power of two. */
  private static int sizeClass(int size) {
    int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size);
    int within = power < 3 ? 0 : (size >>> (power - 3)) & (STEPS - 1);
    return power * STEPS + within;
  }
}
