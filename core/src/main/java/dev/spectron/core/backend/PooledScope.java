package dev.spectron.core.backend;

import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One scope of {@link Scopes}. */
final class PooledScope<M> implements Scope {
  private final Scopes<M, ?> scopes;
  private final List<ScopedTensor<M>> tensors = new ArrayList<>();
  private final int depth;
  private boolean open = true;

  PooledScope(Scopes<M, ?> scopes, int depth) {
    this.scopes = scopes;
    this.depth = depth;
  }

  String backend() {
    return scopes.backend();
  }

  boolean isOpen() {
    return open;
  }

  int liveTensors() {
    return tensors.size();
  }

  void own(ScopedTensor<M> tensor) {
    tensors.add(tensor);
    tensor.moveTo(this);
  }

  @Override
  public Tensor keep(Tensor x) {
    ScopedTensor<M> tensor = scopes.own(x);
    PooledScope<M> enclosing = scopes.enclosing(depth);
    if (tensor.owner() == this) {
      tensors.remove(tensor);
      enclosing.own(tensor);
    } else if (tensor.owner().depth > depth || !tensor.owner().open) {
      throw new IllegalStateException(
          backend()
              + ": scope.keep: tensor "
              + x.shape()
              + " belongs to a scope that was opened later or is closed");
    }
    return x;
  }

  @Override
  public void close() {
    if (open) {
      scopes.closed(this);
      open = false;
      tensors.forEach(ScopedTensor::free);
      tensors.clear();
    }
  }
}
