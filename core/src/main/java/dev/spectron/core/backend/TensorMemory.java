package dev.spectron.core.backend;

/**
 * Memory and the number of tensors that read it: a reshaped tensor shares the original's.
 *
 * @param <M> a back end's kind of memory
 */
public final class TensorMemory<M> {
  private final M memory;
  private final MemoryPool<M> pool;
  private int tensors = 1;

  TensorMemory(M memory, MemoryPool<M> pool) {
    this.memory = memory;
    this.pool = pool;
  }

  M memory() {
    return memory;
  }

  /** For one more tensor. */
  TensorMemory<M> share() {
    tensors++;
    return this;
  }

  /** For one tensor less; the last one gives the memory back. */
  void release() {
    tensors--;
    if (tensors == 0) {
      pool.give(memory);
    }
  }
}
