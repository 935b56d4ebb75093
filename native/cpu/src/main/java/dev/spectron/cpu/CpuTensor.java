package dev.spectron.cpu;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** An activation in a recycled array. */
final class CpuTensor implements Tensor {
  private final Shape shape;
  private final Storage storage;
  private CpuScope owner;

  CpuTensor(Shape shape, Storage storage, CpuScope owner) {
    this.shape = shape;
    this.storage = storage;
    this.owner = owner;
  }

  /** The operand as this back end's own kind. */
  static CpuTensor of(Tensor x) {
    if (x instanceof CpuTensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(
        "backend cpu: tensor " + x.shape() + " was made by another back end; upload its values");
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** The values, row-major from index 0; the array may be longer than the tensor. */
  float[] data() {
    return storage().data();
  }

  Storage storage() {
    if (!owner.isOpen()) {
      throw new IllegalStateException(
          "backend cpu: tensor " + shape + " outlived its scope; hand it on with Scope.keep");
    }
    return storage;
  }

  CpuScope owner() {
    return owner;
  }

  void moveTo(CpuScope scope) {
    owner = scope;
  }

  /** Called once, by the owner when it closes. */
  void free() {
    storage.release();
  }

  /** An array and the number of tensors that read it: a reshaped tensor shares the original's. */
  static final class Storage {
    private final float[] data;
    private final BufferPool pool;
    private int tensors = 1;

    Storage(float[] data, BufferPool pool) {
      this.data = data;
      this.pool = pool;
    }

    float[] data() {
      return data;
    }

    /** For one more tensor. */
    Storage share() {
      tensors++;
      return this;
    }

    private void release() {
      tensors--;
      if (tensors == 0) {
        pool.give(data);
      }
    }
  }
}
