package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * An activation in memory that is recycled once its scope closes; made by {@link Scopes}.
 *
 * @param <M> a back end's kind of memory
 */
public abstract class ScopedTensor<M> implements Tensor {
  private final Shape shape;
  private final TensorMemory<M> memory;
  private PooledScope<M> owner;

  /** A tensor of the given shape, its values row-major from the start of {@code memory}. */
  protected ScopedTensor(Shape shape, TensorMemory<M> memory) {
    this.shape = shape;
    this.memory = memory;
  }

  @Override
  public final Shape shape() {
    return shape;
  }

  /**
   * Where the values lie; may be longer than the tensor.
   *
   * @throws IllegalStateException if the tensor's scope is closed
   */
  protected final M memory() {
    return shared().memory();
  }

  final TensorMemory<M> shared() {
    if (!owner.isOpen()) {
      throw new IllegalStateException(
          owner.backend()
              + ": tensor "
              + shape
              + " outlived its scope; hand it on with Scope.keep");
    }
    return memory;
  }

  final PooledScope<M> owner() {
    return owner;
  }

  final void moveTo(PooledScope<M> scope) {
    owner = scope;
  }

  /** Called once, by the owner when it closes. */
  final void free() {
    memory.release();
  }
}
