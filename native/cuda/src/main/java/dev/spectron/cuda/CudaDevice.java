package dev.spectron.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * The device's primary context, which other libraries of the process share, with one stream in
 * whose order everything runs, the kernels and the memory.
 */
final class CudaDevice {
  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final CUmodule module = new CUmodule();
  private final KernelArguments arguments = new KernelArguments();
  private final WorkQueue queue;
  private final DeviceMemory memory;
  private final Staging staging;
  private long currentThread;
  private boolean open = true;

  CudaDevice(CudaOptions options, String kernelText) {
    JCudaLibraries.require();
    CudaCheck.driver(JCudaDriver.cuInit(0), "cuInit");
    CudaCheck.driver(JCudaDriver.cuDeviceGet(device, 0), "cuDeviceGet");
    CudaCheck.driver(
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
    this.currentThread = Thread.currentThread().threadId();
    CudaCheck.driver(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
    CudaCheck.driver(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate");
    CudaCheck.driver(JCudaDriver.cuModuleLoadData(module, kernelText), "loading the kernels");
    this.queue = new WorkQueue(stream, module);
    this.memory = new DeviceMemory(options.recycle(), queue);
    this.staging = new Staging(stream, queue);
  }

  CUstream stream() {
    return stream;
  }

  /** The context belongs to threads one by one: the calling one has it after this. */
  void makeCurrent() {
    if (currentThread != Thread.currentThread().threadId()) {
      CudaCheck.driver(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
      currentThread = Thread.currentThread().threadId();
    }
  }

  /** Memory of unspecified contents. */
  DeviceBuffer take(long bytes) {
    makeCurrent();
    return memory.take(bytes);
  }

  /**
   * Makes sure that so much memory can be taken.
   *
   * @param what needs it, for the message
   * @throws dev.spectron.core.error.CapacityException if the device has less
   */
  void requireMemory(long bytes, Object what) {
    makeCurrent();
    memory.require(bytes, what);
  }

  /** Takes memory back; what is queued may still use it. */
  void give(DeviceBuffer buffer) {
    if (open) {
      makeCurrent();
      memory.give(buffer);
    }
  }

  /** New memory that holds these bytes. */
  DeviceBuffer upload(MemorySegment from) {
    DeviceBuffer to = take(from.byteSize());
    staging.upload(from, to);
    return to;
  }

  /** Copies to memory that is there already. */
  void upload(MemorySegment from, DeviceBuffer to) {
    makeCurrent();
    staging.upload(from, to);
  }

  DeviceBuffer upload(float... values) {
    return upload(MemorySegment.ofArray(values));
  }

  /** Waits for all work, and fails if any of it has failed. */
  void download(DeviceBuffer from, MemorySegment to) {
    makeCurrent();
    staging.download(from, to);
  }

  /** The one argument block; fill it and launch before anyone else does. */
  KernelArguments arguments() {
    return arguments.clear();
  }

  /** Queues a kernel. */
  void launch(String kernel, Grid grid, KernelArguments with) {
    makeCurrent();
    queue.launch(kernel, grid, with.packed());
  }

  /** Hands all queued work to the device, before another library queues its own. */
  void flush() {
    makeCurrent();
    queue.flush();
  }

  /** How often work ran as a captured graph. */
  long replays() {
    return queue.replays();
  }

  /** Frees all memory, in use or not. Errors of earlier work are not reported again. */
  void close() {
    if (open) {
      makeCurrent();
      JCudaDriver.cuStreamSynchronize(stream);
      open = false;
      queue.close();
      memory.close();
      staging.close();
      JCudaDriver.cuModuleUnload(module);
      JCudaDriver.cuStreamDestroy(stream);
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
  }
}
