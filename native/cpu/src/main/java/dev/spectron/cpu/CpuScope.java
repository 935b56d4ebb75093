package dev.spectron.cpu;

import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One scope of {@link Scopes}. */
final class CpuScope implements Scope {
  private final Scopes scopes;
  private final List<CpuTensor> tensors = new ArrayList<>();
  private final int depth;
  private boolean open = true;

  CpuScope(Scopes scopes, int depth) {
    this.scopes = scopes;
    this.depth = depth;
  }

  boolean isOpen() {
    return open;
  }

  int liveTensors() {
    return tensors.size();
  }

  CpuTensor own(CpuTensor tensor) {
    tensors.add(tensor);
    return tensor;
  }

  @Override
  public Tensor keep(Tensor x) {
    CpuTensor tensor = CpuTensor.of(x);
    CpuScope enclosing = scopes.enclosing(depth);
    if (tensor.owner() == this) {
      tensors.remove(tensor);
      tensor.moveTo(enclosing);
      enclosing.own(tensor);
    } else if (tensor.owner().depth > depth || !tensor.owner().open) {
      throw new IllegalStateException(
          "backend cpu: scope.keep: tensor "
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
      tensors.forEach(CpuTensor::free);
      tensors.clear();
    }
  }
}
