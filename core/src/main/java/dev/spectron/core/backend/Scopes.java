package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The open scopes of a back end, innermost last, and the memory of their tensors.
 *
 * @param <M> the back end's kind of memory
 * @param <T> its kind of tensor
 */
public final class Scopes<M, T extends ScopedTensor<M>> {
  private final String backend;
  private final MemoryPool<M> pool;
  private final BiFunction<Shape, TensorMemory<M>, T> maker;
  private final Function<Tensor, T> own;
  private final List<PooledScope<M>> open = new ArrayList<>();

  /**
   * No open scope yet.
   *
   * @param backend how messages call the back end
   * @param pool memory of its tensors
   * @param maker makes a tensor of a shape and its memory
   * @param own an operand as the back end's own kind, or an {@link IllegalArgumentException}
   */
  public Scopes(
      String backend,
      MemoryPool<M> pool,
      BiFunction<Shape, TensorMemory<M>, T> maker,
      Function<Tensor, T> own) {
    this.backend = backend;
    this.pool = pool;
    this.maker = maker;
    this.own = own;
  }

  String backend() {
    return backend;
  }

  /** Opens a scope; it is the current one until closed. */
  public Scope openScope() {
    PooledScope<M> scope = new PooledScope<>(this, open.size());
    open.add(scope);
    return scope;
  }

  /**
   * A tensor of unspecified values in the current scope.
   *
   * @throws IllegalStateException if no scope is open
   */
  public T tensor(Shape shape) {
    PooledScope<M> scope = current(shape);
    return made(shape, new TensorMemory<>(pool.take(shape.arrayLength()), pool), scope);
  }

  /** The values of {@code x} under another shape, in the current scope. */
  public T reshaped(T x, Shape shape) {
    PooledScope<M> scope = current(shape);
    return made(shape, x.shared().share(), scope);
  }

  private T made(Shape shape, TensorMemory<M> memory, PooledScope<M> scope) {
    T tensor = maker.apply(shape, memory);
    scope.own(tensor);
    return tensor;
  }

  private PooledScope<M> current(Shape shape) {
    if (open.isEmpty()) {
      throw new IllegalStateException(
          backend + ": a tensor " + shape + " was made with no scope open; call openScope first");
    }
    return open.getLast();
  }

  T own(Tensor x) {
    return own.apply(x);
  }

  PooledScope<M> enclosing(int depth) {
    if (depth == 0) {
      throw new IllegalStateException(
          backend + ": scope.keep: no scope encloses this one; open one before it");
    }
    return open.get(depth - 1);
  }

  void closed(PooledScope<M> scope) {
    if (open.getLast() != scope) {
      throw new IllegalStateException(
          backend + ": scope.close: a scope opened later is still open; close that one first");
    }
    open.removeLast();
  }

  /** Tensors alive in all open scopes. */
  public int liveTensors() {
    return open.stream().mapToInt(PooledScope::liveTensors).sum();
  }

  /** Closes every scope, the innermost first. */
  public void closeAll() {
    while (!open.isEmpty()) {
      open.getLast().close();
    }
  }
}
