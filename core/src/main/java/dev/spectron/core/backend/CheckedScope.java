package dev.spectron.core.backend;

import dev.spectron.core.tensor.Tensor;

/** A scope that must be closed in order. */
final class CheckedScope implements Scope {
  private final CheckedBackend backend;
  private final Scope inner;

  CheckedScope(CheckedBackend backend, Scope inner) {
    this.backend = backend;
    this.inner = inner;
  }

  @Override
  public Tensor keep(Tensor x) {
    return backend.keep(this, x);
  }

  @Override
  public void close() {
    backend.close(this);
  }

  Scope inner() {
    return inner;
  }
}
