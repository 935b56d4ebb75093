package dev.spectron.core.backend;

import dev.spectron.core.tensor.Tensor;

/**
 * Owner of the tensors made while it is the current scope of its back end; closing frees them all.
 * Use one for each training step, encoder pass or decoding step.
 */
public interface Scope extends AutoCloseable {
  /**
   * Hands a tensor of this scope to the enclosing one, so that it survives {@link #close()}.
   *
   * @throws IllegalStateException if there is no enclosing scope
   */
  Tensor keep(Tensor x);

  @Override
  void close();
}
