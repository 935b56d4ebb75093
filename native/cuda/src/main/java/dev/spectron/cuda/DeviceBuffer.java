package dev.spectron.cuda;

import jcuda.driver.CUdeviceptr;

/** A piece of device memory. */
final class DeviceBuffer {
  private final Address address = new Address();
  private final long bytes;

  /**
   * Without memory yet: the driver fills in the address.
   *
   * @param bytes size, at least 1
   */
  DeviceBuffer(long bytes) {
    this.bytes = bytes;
  }

  /** As JCuda wants it. */
  CUdeviceptr pointer() {
    return address;
  }

  /** As a kernel wants it. */
  long address() {
    return address.value();
  }

  long bytes() {
    return bytes;
  }

  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer() + getByteOffset();
    }
  }
}
