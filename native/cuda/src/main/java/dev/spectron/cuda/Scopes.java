package dev.spectron.cuda;

import dev.spectron.core.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The open scopes, innermost last, and the memory of their tensors. */
final class Scopes {
  private final CudaDevice device;
  private final List<CudaScope> open = new ArrayList<>();

  Scopes(CudaDevice device) {
    this.device = device;
  }

  CudaScope openScope() {
    CudaScope scope = new CudaScope(this, open.size());
    open.add(scope);
    return scope;
  }

  /** A tensor of unspecified values in the current scope. */
  CudaTensor tensor(Shape shape) {
    CudaScope scope = current(shape);
    long bytes = (long) shape.arrayLength() * Float.BYTES;
    CudaTensor.Storage storage = new CudaTensor.Storage(device.take(bytes), device);
    return scope.own(new CudaTensor(shape, storage, scope));
  }

  /** The values of {@code x} under another shape, in the current scope. */
  CudaTensor reshaped(CudaTensor x, Shape shape) {
    CudaScope scope = current(shape);
    return scope.own(new CudaTensor(shape, x.storage().share(), scope));
  }

  private CudaScope current(Shape shape) {
    if (open.isEmpty()) {
      throw new IllegalStateException(
          "backend cuda: a tensor " + shape + " was made with no scope open; call openScope first");
    }
    return open.getLast();
  }

  CudaScope enclosing(int depth) {
    if (depth == 0) {
      throw new IllegalStateException(
          "backend cuda: scope.keep: no scope encloses this one; open one before it");
    }
    return open.get(depth - 1);
  }

  void closed(CudaScope scope) {
    if (open.getLast() != scope) {
      throw new IllegalStateException(
          "backend cuda: scope.close: a scope opened later is still open; close that one first");
    }
    open.removeLast();
  }

  int liveTensors() {
    return open.stream().mapToInt(CudaScope::liveTensors).sum();
  }

  void closeAll() {
    while (!open.isEmpty()) {
      open.getLast().close();
    }
  }
}
