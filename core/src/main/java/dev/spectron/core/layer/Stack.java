package dev.spectron.core.layer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tensor;

/**
 * Layers of which each works on the result of the one before. A scope frees nothing before it
 * closes, so a loop that keeps each result would hold one a layer; here each half of the stack has
 * a scope, and the halves of it, so that no more than 1 + log₂(layers) are held at a time.
 */
public final class Stack {
  private Stack() {}

  /** One layer of a stack. */
  @FunctionalInterface
  public interface Layer {
    /**
     * Applies the layer.
     *
     * @param index counted from 0
     * @param x the input of the stack or the result of the layer before
     * @return in the current scope
     */
    Tensor forward(int index, Tensor x);
  }

  /**
   * Applies all layers in order.
   *
   * @param layers how many, at least 1
   * @return in the current scope
   */
  public static Tensor forward(Backend backend, int layers, Tensor x, Layer layer) {
    return forward(backend, 0, layers, x, layer);
  }

  private static Tensor forward(Backend backend, int first, int end, Tensor x, Layer layer) {
    try (Scope scope = backend.openScope()) {
      if (end - first == 1) {
        return scope.keep(layer.forward(first, x));
      }
      int middle = (first + end) >>> 1;
      Tensor half = forward(backend, first, middle, x, layer);
      return scope.keep(forward(backend, middle, end, half, layer));
    }
  }
}
