package dev.spectron.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Work in the order of the stream, held back until somebody waits for it. Work that comes a second
 * time, launch for launch and argument for argument, is captured, and runs as one graph from then
 * on: so does a step of decoding, whose kernels read the position from device memory.
 */
final class WorkQueue {
  /** Launches that want more shared memory must say so before. */
  private static final int USUAL_SHARED = 48 << 10;

  /** So much is handed over without being waited for, so that the device does not stand idle. */
  private static final int MOST_QUEUED = 512;

  /** Queues remembered; the one not used for longest gives way. */
  private static final int MOST_KNOWN = 32;

  private final CUstream stream;
  private final CUmodule module;
  private final Map<String, CUfunction> kernels = new HashMap<>();
  private final Map<String, Integer> sharedAllowed = new HashMap<>();
  private final LinkedHashMap<List<Work>, Known> known = new LinkedHashMap<>(16, 0.75f, true);
  private List<Work> queued = new ArrayList<>();
  private long replays;

  /** Pointers to the arguments of a launch, then the arguments; the driver takes a copy. */
  private final ByteBuffer arguments =
      ByteBuffer.allocateDirect(KernelArguments.MOST * Long.BYTES + KernelArguments.MOST_BYTES)
          .order(ByteOrder.nativeOrder());

  private final long argumentsAt = MemorySegment.ofBuffer(arguments).address();
  private final Pointer argumentsPointer = Pointer.to(arguments);

  WorkQueue(CUstream stream, CUmodule module) {
    this.stream = stream;
    this.module = module;
  }

  private sealed interface Work {
    /** A kernel. */
    record Launch(String kernel, Grid grid, KernelArguments.Packed arguments) implements Work {}

    /** A copy from pinned memory. */
    record Upload(long from, long to, long bytes) implements Work {}
  }

  /** A queue that has run; its graph is made when it comes again. */
  private static final class Known {
    private final CUgraphExec graph = new CUgraphExec();
    private boolean captured;
  }

  /** Queues a kernel. */
  void launch(String kernel, Grid grid, KernelArguments.Packed with) {
    add(new Work.Launch(kernel, grid, with));
  }

  /** Queues a copy from pinned memory, which must hold still until the queue is waited for. */
  void upload(long from, long to, long bytes) {
    add(new Work.Upload(from, to, bytes));
  }

  private void add(Work work) {
    queued.add(work);
    if (queued.size() == MOST_QUEUED) {
      flush();
    }
  }

  /** Hands everything queued to the device. */
  void flush() {
    if (queued.isEmpty()) {
      return;
    }
    List<Work> works = queued;
    queued = new ArrayList<>();
    Known before = known.get(works);
    if (before == null) {
      known.put(works, new Known());
      forgetEldest();
      works.forEach(this::run);
      return;
    }
    if (!before.captured) {
      capture(works, before);
    }
    replays++;
    CudaCheck.driver(JCudaDriver.cuGraphLaunch(before.graph, stream), "launch of a captured graph");
  }

  private void capture(List<Work> works, Known to) {
    CudaCheck.driver(
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuStreamBeginCapture");
    CUgraph graph = new CUgraph();
    works.forEach(this::run);
    CudaCheck.driver(JCudaDriver.cuStreamEndCapture(stream, graph), "cuStreamEndCapture");
    CudaCheck.driver(JCudaDriver.cuGraphInstantiate(to.graph, graph, 0), "cuGraphInstantiate");
    CudaCheck.driver(JCudaDriver.cuGraphDestroy(graph), "cuGraphDestroy");
    to.captured = true;
  }

  private void forgetEldest() {
    if (known.size() > MOST_KNOWN) {
      destroy(known.pollFirstEntry().getValue());
    }
  }

  private static void destroy(Known known) {
    if (known.captured) {
      JCudaDriver.cuGraphExecDestroy(known.graph);
    }
  }

  /** How often a captured graph has run. */
  long replays() {
    return replays;
  }

  private void run(Work work) {
    switch (work) {
      case Work.Launch launch -> run(launch);
      case Work.Upload copy ->
          CudaCheck.driver(
              JCudaDriver.cuMemcpyHtoDAsync(
                  new CUdeviceptr().withByteOffset(copy.to()),
                  new Raw(copy.from()),
                  copy.bytes(),
                  stream),
              "upload");
    }
  }

  private void run(Work.Launch launch) {
    CUfunction function = kernels.computeIfAbsent(launch.kernel(), this::load);
    Grid grid = launch.grid();
    if (grid.shared() > sharedAllowed.getOrDefault(launch.kernel(), USUAL_SHARED)) {
      CudaCheck.driver(
          JCudaDriver.cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              grid.shared()),
          "%s with %d bytes of shared memory".formatted(launch.kernel(), grid.shared()));
      sharedAllowed.put(launch.kernel(), grid.shared());
    }
    int values = KernelArguments.MOST * Long.BYTES;
    int[] starts = launch.arguments().starts();
    for (int i = 0; i < starts.length; i++) {
      arguments.putLong(i * Long.BYTES, argumentsAt + values + starts[i]);
    }
    arguments.put(values, launch.arguments().values());
    CudaCheck.driver(
        JCudaDriver.cuLaunchKernel(
            function,
            grid.x(),
            grid.y(),
            grid.z(),
            grid.threads(),
            1,
            1,
            grid.shared(),
            stream,
            argumentsPointer,
            null),
        "launch of " + launch.kernel());
  }

  private CUfunction load(String kernel) {
    CUfunction function = new CUfunction();
    CudaCheck.driver(
        JCudaDriver.cuModuleGetFunction(function, module, kernel), "looking for kernel " + kernel);
    return function;
  }

  /** Forgets what is queued, and all graphs. */
  void close() {
    queued.clear();
    known.values().forEach(WorkQueue::destroy);
    known.clear();
  }
}
