package dev.spectron.cuda;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** An activation in device memory, float32. */
final class CudaTensor implements Tensor {
  private final Shape shape;
  private final Storage storage;
  private CudaScope owner;

  CudaTensor(Shape shape, Storage storage, CudaScope owner) {
    this.shape = shape;
    this.storage = storage;
    this.owner = owner;
  }

  /** The operand as this back end's own kind. */
  static CudaTensor of(Tensor x) {
    if (x instanceof CudaTensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(
        "backend cuda: tensor " + x.shape() + " was made by another back end; upload its values");
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** Where the values lie, row-major. */
  long address() {
    return storage().buffer().address();
  }

  Storage storage() {
    if (!owner.isOpen()) {
      throw new IllegalStateException(
          "backend cuda: tensor " + shape + " outlived its scope; hand it on with Scope.keep");
    }
    return storage;
  }

  CudaScope owner() {
    return owner;
  }

  void moveTo(CudaScope scope) {
    owner = scope;
  }

  /** Called once, by the owner when it closes. */
  void free() {
    storage.release();
  }

  /** A buffer and the number of tensors that read it: a reshaped tensor shares the original's. */
  static final class Storage {
    private final DeviceBuffer buffer;
    private final CudaDevice device;
    private int tensors = 1;

    Storage(DeviceBuffer buffer, CudaDevice device) {
      this.buffer = buffer;
      this.device = device;
    }

    DeviceBuffer buffer() {
      return buffer;
    }

    /** For one more tensor. */
    Storage share() {
      tensors++;
      return this;
    }

    private void release() {
      tensors--;
      if (tensors == 0) {
        device.give(buffer);
      }
    }
  }
}
