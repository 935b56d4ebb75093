package dev.spectron.bench;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.packing.Packing;
import dev.spectron.cpu.CpuBackendProvider;
import dev.spectron.cpu.CpuOptions;
import java.lang.foreign.Arena;
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
 * {@link DecodeMatrices}. Beside it, and in turn with it, run a peer on the same products: memory
 * that others use too is slow or fast by the minute.
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
  private Backend backend;
  private DecodeMatrices matrices;

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
    matrices = new DecodeMatrices(backend, packing, width, DecodeMatrices.layers(width), arena);
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
    read.gigabytes += matrices.bytes() / 1e9;
    return matrices.step();
  }
}
