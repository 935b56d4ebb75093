package dev.spectron.core.backend;

/**
 * Recycles the memory of dead tensors; what it hands out holds unspecified values.
 *
 * @param <M> a back end's kind of memory
 */
public interface MemoryPool<M> {
  /** Memory for at least so many float32 values. */
  M take(int elements);

  /** Takes back what nobody uses any more. */
  void give(M memory);
}
