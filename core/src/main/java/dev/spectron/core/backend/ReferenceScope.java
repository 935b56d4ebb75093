package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** Counts its tensors and ends their use; the garbage collector frees them. */
final class ReferenceScope implements Scope {
  private final ReferenceBackend backend;
  private final ReferenceScope enclosing;
  private boolean open = true;
  private int liveTensors;

  /** A scope with none around it encloses itself. */
  ReferenceScope(ReferenceBackend backend) {
    this.backend = backend;
    this.enclosing = this;
  }

  ReferenceScope(ReferenceBackend backend, ReferenceScope enclosing) {
    this.backend = backend;
    this.enclosing = enclosing;
  }

  boolean isOpen() {
    return open;
  }

  int liveTensors() {
    return liveTensors;
  }

  ReferenceTensor own(Shape shape, double[] values) {
    liveTensors++;
    return new ReferenceTensor(shape, values, this);
  }

  @Override
  public Tensor keep(Tensor x) {
    if (enclosing == this) {
      throw new IllegalStateException(
          "reference: scope.keep: no scope encloses this one; open one before it");
    }
    ReferenceTensor tensor = ReferenceTensor.of(x);
    if (tensor.owner() == this) {
      tensor.moveTo(enclosing);
      liveTensors--;
      enclosing.liveTensors++;
    } else if (!isInside(tensor.owner())) {
      throw new IllegalStateException(
          "reference: scope.keep: tensor " + x.shape() + " belongs to a scope opened later");
    }
    return x;
  }

  private boolean isInside(ReferenceScope other) {
    return enclosing != this && (enclosing == other || enclosing.isInside(other));
  }

  @Override
  public void close() {
    if (open) {
      backend.closed(this);
      open = false;
    }
  }
}
