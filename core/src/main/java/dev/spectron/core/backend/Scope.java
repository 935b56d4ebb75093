package dev.spectron.core.backend;

import dev.spectron.core.tensor.Tensor;

/**
 * Owner of the tensors made while it is the current scope of its back end; closing frees them all,
 * and using one of them after that is an {@link IllegalStateException}. Use one for each training
 * step, encoder pass or decoding step. Closing again does nothing.
 */
public interface Scope extends AutoCloseable {
  /**
   * Hands a tensor of this scope to the enclosing one, so that it survives {@link #close()}. Call
   * it on the current scope. A tensor that belongs to a scope further out stays there.
   *
   * @return the tensor to use from now on, which may be another object than {@code x}
   * @throws IllegalStateException if there is no enclosing scope or a later scope is still open
   */
  Tensor keep(Tensor x);

  /**
   * Frees the tensors of this scope and makes the enclosing one current.
   *
   * @throws IllegalStateException if a later scope is still open
   */
  @Override
  void close();
}
