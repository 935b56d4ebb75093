package dev.spectron.core.tensor;

/**
 * An activation: opaque float32 values on the back end that made it, contiguous and row-major,
 * {@code [batch, time, channels]} unless an operation says otherwise. It belongs to the scope that
 * was current when it was made and dies with that scope.
 */
public interface Tensor {
  /** Sizes, outermost first. */
  Shape shape();
}
