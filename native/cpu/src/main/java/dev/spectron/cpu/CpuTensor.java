package dev.spectron.cpu;

import dev.spectron.core.backend.ScopedTensor;
import dev.spectron.core.backend.TensorMemory;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** An activation in a recycled array. */
final class CpuTensor extends ScopedTensor<float[]> {
  CpuTensor(Shape shape, TensorMemory<float[]> memory) {
    super(shape, memory);
  }

  /** The operand as this back end's own kind. */
  static CpuTensor of(Tensor x) {
    if (x instanceof CpuTensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(
        "backend cpu: tensor " + x.shape() + " was made by another back end; upload its values");
  }

  /** The values, row-major from index 0; the array may be longer than the tensor. */
  float[] data() {
    return memory();
  }
}
