package dev.spectron.cuda;

import dev.spectron.core.backend.ScopedTensor;
import dev.spectron.core.backend.TensorMemory;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * An activation in device memory, float32. Its values may be deferred: they are written when
 * somebody asks where they lie, or when it leaves the scope that holds what they are made of.
 */
final class CudaTensor extends ScopedTensor<DeviceBuffer> {
  private static final Deferred SETTLED = new Deferred.Settled();

  private Deferred deferred = SETTLED;

  CudaTensor(Shape shape, TensorMemory<DeviceBuffer> memory) {
    super(shape, memory);
  }

  /** The operand as this back end's own kind. */
  static CudaTensor of(Tensor x) {
    if (x instanceof CudaTensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(
        "backend cuda: tensor " + x.shape() + " was made by another back end; upload its values");
  }

  /** Puts its values off. */
  CudaTensor defer(Deferred values) {
    deferred = values;
    return this;
  }

  /** What is left to do for its values. */
  Deferred deferred() {
    return deferred;
  }

  /** Somebody has written its values. */
  void settled() {
    deferred = SETTLED;
  }

  /** The memory with the values in it. */
  DeviceBuffer buffer() {
    DeviceBuffer memory = memory();
    Deferred values = deferred;
    deferred = SETTLED;
    switch (values) {
      case Deferred.Settled _ -> {}
      case Deferred.Normed norm -> norm.by().settle(norm, this);
      case Deferred.Product product -> product.by().settle(product, this);
    }
    return memory;
  }

  /** Where the values lie, row-major. */
  long address() {
    return buffer().address();
  }

  /**
   * To be asked before work on it is put off.
   *
   * @throws IllegalStateException if its scope is closed
   */
  void requireOpen() {
    memory();
  }

  /** Where they will lie. */
  long reserved() {
    return memory().address();
  }

  @Override
  protected void kept() {
    buffer();
  }
}
