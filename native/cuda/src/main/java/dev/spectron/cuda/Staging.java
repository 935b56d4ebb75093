package dev.spectron.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Pinned host memory through which all copies go, in the order of the stream: the driver would copy
 * pageable memory in its own time, and a Java array may have moved by then. Uploads fill it as a
 * ring and wait only when it is full.
 */
final class Staging {
  private static final int BYTES = 4 << 20;

  /** Copies begin at multiples of this. */
  private static final int ALIGNMENT = 256;

  private final CUstream stream;
  private final WorkQueue queue;
  private final Pointer pointer = new Pointer();
  private final MemorySegment memory;
  private int next;

  Staging(CUstream stream, WorkQueue queue) {
    this.stream = stream;
    this.queue = queue;
    CudaCheck.driver(JCudaDriver.cuMemAllocHost(pointer, BYTES), "cuMemAllocHost");
    this.memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, BYTES));
  }

  void upload(MemorySegment from, DeviceBuffer to) {
    for (long done = 0; done < from.byteSize(); ) {
      long piece = Math.min(BYTES / 2, from.byteSize() - done);
      if (next + piece > BYTES) {
        synchronize();
      }
      MemorySegment.copy(from, done, memory, next, piece);
      queue.upload(memory.address() + next, to.address() + done, piece);
      next = (int) (Math.ceilDiv(next + piece, ALIGNMENT) * ALIGNMENT);
      done += piece;
    }
  }

  /** Waits for all work before it. */
  void download(DeviceBuffer from, MemorySegment to) {
    for (long done = 0; done < to.byteSize(); ) {
      synchronize();
      long piece = Math.min(BYTES, to.byteSize() - done);
      CudaCheck.driver(
          JCudaDriver.cuMemcpyDtoHAsync(
              pointer, from.pointer().withByteOffset(done), piece, stream),
          "download");
      synchronize();
      MemorySegment.copy(memory, 0, to, done, piece);
      done += piece;
    }
  }

  /** Waits for all work; the whole ring is free then. */
  private void synchronize() {
    queue.flush();
    CudaCheck.driver(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
    next = 0;
  }

  void close() {
    JCudaDriver.cuMemFreeHost(pointer);
  }
}
