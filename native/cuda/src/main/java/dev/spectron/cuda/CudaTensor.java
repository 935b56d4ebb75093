package dev.spectron.cuda;

import dev.spectron.core.backend.ScopedTensor;
import dev.spectron.core.backend.TensorMemory;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** An activation in device memory, float32. */
final class CudaTensor extends ScopedTensor<DeviceBuffer> {
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

  DeviceBuffer buffer() {
    return memory();
  }

  /** Where the values lie, row-major. */
  long address() {
    return memory().address();
  }
}
