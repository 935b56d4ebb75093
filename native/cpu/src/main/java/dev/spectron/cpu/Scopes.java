package dev.spectron.cpu;

import dev.spectron.core.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The open scopes, innermost last, and the memory of their tensors. */
final class Scopes {
  private final BufferPool pool;
  private final List<CpuScope> open = new ArrayList<>();

  Scopes(BufferPool pool) {
    this.pool = pool;
  }

  CpuScope openScope() {
    CpuScope scope = new CpuScope(this, open.size());
    open.add(scope);
    return scope;
  }

  /** A tensor of unspecified values in the current scope. */
  CpuTensor tensor(Shape shape) {
    CpuScope scope = current(shape);
    CpuTensor.Storage storage = new CpuTensor.Storage(pool.take(shape.arrayLength()), pool);
    return scope.own(new CpuTensor(shape, storage, scope));
  }

  /** The values of {@code x} under another shape, in the current scope. */
  CpuTensor reshaped(CpuTensor x, Shape shape) {
    CpuScope scope = current(shape);
    return scope.own(new CpuTensor(shape, x.storage().share(), scope));
  }

  private CpuScope current(Shape shape) {
    if (open.isEmpty()) {
      throw new IllegalStateException(
          "backend cpu: a tensor " + shape + " was made with no scope open; call openScope first");
    }
    return open.getLast();
  }

  CpuScope enclosing(int depth) {
    if (depth == 0) {
      throw new IllegalStateException(
          "backend cpu: scope.keep: no scope encloses this one; open one before it");
    }
    return open.get(depth - 1);
  }

  void closed(CpuScope scope) {
    if (open.getLast() != scope) {
      throw new IllegalStateException(
          "backend cpu: scope.close: a scope opened later is still open; close that one first");
    }
    open.removeLast();
  }

  int liveTensors() {
    return open.stream().mapToInt(CpuScope::liveTensors).sum();
  }

  void closeAll() {
    while (!open.isEmpty()) {
      open.getLast().close();
    }
  }
}
