package dev.spectron.cli;

import dev.spectron.core.tensor.DType;

/** What a matrix may be stored as. */
enum StorageType {
  BF16(DType.BF16),
  F16(DType.F16),
  F32(DType.F32);

  private final DType dtype;

  StorageType(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }
}
