package dev.spectron.cuda;

import dev.spectron.core.error.CapacityException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * Device memory, recycled: asking the driver for some stops the device. All work runs in the order
 * of one stream, so a buffer may have a new owner while old work on it is still queued.
 */
final class DeviceMemory {
  /** Buffers come in sizes of 2^n and three steps between, so that similar shapes share them. */
  private static final int STEPS = 4;

  private static final long LEAST = 256;

  private final boolean recycle;

  /** Work that may still use what goes back to the driver. */
  private final WorkQueue queue;

  /** The lowest address goes first: the same steps then find the same memory. */
  private final Map<Long, PriorityQueue<DeviceBuffer>> free = new HashMap<>();

  private final Set<DeviceBuffer> all = Collections.newSetFromMap(new IdentityHashMap<>());

  DeviceMemory(boolean recycle, WorkQueue queue) {
    this.recycle = recycle;
    this.queue = queue;
  }

  /**
   * Memory of unspecified contents.
   *
   * @throws CapacityException if the device has no more
   */
  DeviceBuffer take(long bytes) {
    long rounded = recycle ? rounded(bytes) : Math.max(bytes, 1);
    PriorityQueue<DeviceBuffer> ready = free.get(rounded);
    return ready == null || ready.isEmpty() ? allocate(rounded) : ready.poll();
  }

  /**
   * Makes sure that so much can be taken.
   *
   * @throws CapacityException if the device has less
   */
  void require(long bytes, Object what) {
    if (freeOnDevice() < bytes) {
      releaseFree();
    }
    long found = freeOnDevice();
    if (found < bytes) {
      throw new CapacityException(
          "backend cuda: %s: needs %d bytes, found %d bytes of device memory free; lower the capacity"
              .formatted(what, bytes, found));
    }
  }

  private static long freeOnDevice() {
    long[] free = {0};
    long[] total = {0};
    CudaCheck.driver(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
    return free[0];
  }

  /** Takes memory back. */
  void give(DeviceBuffer buffer) {
    if (recycle) {
      free.computeIfAbsent(
              buffer.bytes(),
              _ -> new PriorityQueue<>(Comparator.comparingLong(DeviceBuffer::address)))
          .add(buffer);
    } else {
      release(buffer);
    }
  }

  static long rounded(long bytes) {
    long step = Math.max(LEAST, Long.highestOneBit(Math.max(bytes - 1, 1)) / STEPS);
    return Math.max(LEAST, Math.ceilDiv(bytes, step) * step);
  }

  private DeviceBuffer allocate(long bytes) {
    DeviceBuffer buffer = new DeviceBuffer(bytes);
    int result = JCudaDriver.cuMemAlloc(buffer.pointer(), bytes);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      releaseFree();
      result = JCudaDriver.cuMemAlloc(buffer.pointer(), bytes);
    }
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new CapacityException(
          "backend cuda: no device memory for %d bytes; lower the batch or the capacity of the cache"
              .formatted(bytes));
    }
    CudaCheck.driver(result, "cuMemAlloc of " + bytes + " bytes");
    all.add(buffer);
    return buffer;
  }

  private void release(DeviceBuffer buffer) {
    queue.flush();
    all.remove(buffer);
    CudaCheck.driver(JCudaDriver.cuMemFree(buffer.pointer()), "cuMemFree");
  }

  private void releaseFree() {
    free.values().forEach(buffers -> buffers.forEach(this::release));
    free.clear();
  }

  /** Returns everything to the driver, in use or not; errors are those of earlier work. */
  void close() {
    all.forEach(buffer -> JCudaDriver.cuMemFree(buffer.pointer()));
    all.clear();
    free.clear();
  }
}
