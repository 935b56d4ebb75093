package dev.spectron.bench;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.cpu.CpuBackendProvider;
import dev.spectron.cpu.CpuOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The matrices of one decoding step and nothing else: four of the attention and three of the gated
 * feed-forward for each layer, cold, since together they are larger than any cache. Beside it, and
 * in turn with it, run a peer on the same products: memory that others use too is slow or fast by
 * the minute.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 1)
public class DecodeMatricesBenchmark {
  /** How weights are packed. */
  @Param({"INT4", "INT8", "BF16"})
  public Packing packing;

  /** Whether native code may be used. */
  @Param({"true", "false"})
  public boolean nativeCode;

  /** Width of the decoder: 2048 as in the 1B (16 layers), 1024 as in the 350M (21 layers). */
  @Param({"2048", "1024"})
  public int width;

  private final Arena arena = Arena.ofShared();
  private final List<Layer> layers = new ArrayList<>();
  private Backend backend;
  private float[] state;
  private long bytes;

  private record Layer(List<Weight> attention, Weight gate, Weight up, Weight down) {}

  /** Its score is the time of a gigabyte of weights. */
  @State(org.openjdk.jmh.annotations.Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Read {
    /** Counted up by each step. */
    public double gigabytes;
  }

  /** Packs all matrices. */
  @Setup
  public void open() {
    int threads = Runtime.getRuntime().availableProcessors();
    backend = new CpuBackendProvider(new CpuOptions(0, threads, false, nativeCode, false)).open();
    state = normal(width, 1);
    for (int i = 0; i < (width == 2048 ? 16 : 21); i++) {
      List<Weight> attention = new ArrayList<>();
      for (int j = 0; j < 4; j++) {
        attention.add(weight(width, width));
      }
      int inner = 4 * width;
      layers.add(
          new Layer(attention, weight(inner, width), weight(inner, width), weight(width, inner)));
    }
  }

  /** Sixteen random rows, again and again. */
  private Weight weight(int rows, int depth) {
    float[] drawn = normal(PanelFormat.WIDTH * depth, 1 / Math.sqrt(depth));
    Shape panelShape = Shape.of(PanelFormat.WIDTH, depth);
    MemorySegment panel = WeightData.packed(WeightData.of("w", panelShape, drawn), packing).data();
    Shape shape = Shape.of(rows, depth);
    long size = packing.byteSize(DType.U8, shape);
    MemorySegment all = arena.allocate(size, PanelFormat.LINE_BYTES);
    for (long at = 0; at < size; at += panel.byteSize()) {
      MemorySegment.copy(panel, 0, all, at, panel.byteSize());
    }
    bytes += size;
    return backend.weight(new WeightData("w", DType.U8, packing, shape, all));
  }

  private static float[] normal(int size, double deviation) {
    SplittableRandom random = new SplittableRandom(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** Frees them. */
  @TearDown
  public void close() {
    backend.close();
    arena.close();
  }

  /** All products of a step. */
  @Benchmark
  public float step(Read read) {
    float sum = 0;
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(state, Shape.of(1, 1, width));
      for (Layer layer : layers) {
        try (Scope _ = backend.openScope()) {
          for (Weight weight : layer.attention) {
            backend.linear(x, weight, Weight.none());
          }
          Tensor y = backend.gatedFeedForward(x, layer.gate, layer.up, Activation.SILU, layer.down);
          sum += backend.download(y)[0];
        }
      }
    }
    read.gigabytes += bytes / 1e9;
    return sum;
  }
}
