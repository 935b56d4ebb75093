package dev.spectron.cuda;

import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One scope of {@link Scopes}. */
final class CudaScope implements Scope {
  private final Scopes scopes;
  private final List<CudaTensor> tensors = new ArrayList<>();
  private final int depth;
  private boolean open = true;

  CudaScope(Scopes scopes, int depth) {
    this.scopes = scopes;
    this.depth = depth;
  }

  boolean isOpen() {
    return open;
  }

  int liveTensors() {
    return tensors.size();
  }

  CudaTensor own(CudaTensor tensor) {
    tensors.add(tensor);
    return tensor;
  }

  @Override
  public Tensor keep(Tensor x) {
    CudaTensor tensor = CudaTensor.of(x);
    CudaScope enclosing = scopes.enclosing(depth);
    if (tensor.owner() == this) {
      tensors.remove(tensor);
      tensor.moveTo(enclosing);
      enclosing.own(tensor);
    } else if (tensor.owner().depth > depth || !tensor.owner().open) {
      throw new IllegalStateException(
          "backend cuda: scope.keep: tensor "
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
      tensors.forEach(CudaTensor::free);
      tensors.clear();
    }
  }
}
