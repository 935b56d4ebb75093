package dev.spectron.cuda;

import dev.spectron.core.backend.MemoryPool;

/**
 * Device memory for tensors.
 *
 * @param device whose memory
 */
record DeviceFloats(CudaDevice device) implements MemoryPool<DeviceBuffer> {
  @Override
  public DeviceBuffer take(int elements) {
    return device.take((long) elements * Float.BYTES);
  }

  @Override
  public void give(DeviceBuffer memory) {
    device.give(memory);
  }
}
