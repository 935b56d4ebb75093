package dev.spectron.bench;

import dev.spectron.bench.Workload.Call;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.CheckedBackend;
import dev.spectron.core.backend.Scope;
import dev.spectron.cpu.CpuBackendProvider;
import dev.spectron.cpu.CpuOptions;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * {@code cpu} beside {@code djl}, which is libtorch in float32, through the {@link Backend}
 * contract and on the same number of threads. The two take turns of some milliseconds in one
 * process, so that a slow minute of the machine hits both: read the ratio of an iteration, not its
 * times. JMH's own score, the time of a pair of turns, says nothing; {@link LibtorchTable} runs all
 * this and prints the ratios.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Dai.djl.offline=true"
    })
@Warmup(iterations = 15, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class LibtorchBenchmark {
  /** Start of a turn, not timed: the threads of the other side come to rest, the caches fill. */
  private static final long SETTLE_NANOS = 2_000_000;

  private static final long TIMED_NANOS = 5_000_000;

  /** Calls in one scope, about a layer's. */
  private static final int CALLS = 16;

  private static final float TOLERANCE = 1e-3f;

  /** What both do. */
  @Param public Workload workload;

  /** Threads of either side. */
  @Param({"1", "2"})
  public int threads;

  private Side cpu;
  private Side djl;
  private boolean cpuFirst;

  /**
   * Opens both sides.
   *
   * @throws IllegalStateException if they do not compute the same
   */
  @Setup
  public void open() {
    CpuOptions options = new CpuOptions(0, threads, false, false);
    cpu = new Side(new CpuBackendProvider(options).open(), workload);
    djl = new Side(DjlBackend.open(DjlOptions.answering().withThreads(threads)), workload);
    requireEqual(cpu.result(), djl.result());
  }

  private void requireEqual(float[] found, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= TOLERANCE * Math.max(1, Math.abs(expected[i])))) {
        throw new IllegalStateException(
            "%s, element %d: expected the value of djl, %g, found %g"
                .formatted(workload, i, expected[i], found[i]));
      }
    }
  }

  /** Closes both sides. */
  @TearDown
  public void close() {
    cpu.close();
    djl.close();
  }

  /** One turn each, the other side first every other time. */
  @Benchmark
  public void pair(Times times, Blackhole blackhole) {
    cpuFirst = !cpuFirst;
    if (cpuFirst) {
      cpuTurn(times, blackhole);
    }
    djlTurn(times, blackhole);
    if (!cpuFirst) {
      cpuTurn(times, blackhole);
    }
  }

  private void cpuTurn(Times times, Blackhole blackhole) {
    cpu.calls(SETTLE_NANOS, blackhole);
    long start = System.nanoTime();
    times.cpuCalls += cpu.calls(TIMED_NANOS, blackhole);
    times.cpuNanos += System.nanoTime() - start;
  }

  private void djlTurn(Times times, Blackhole blackhole) {
    djl.calls(SETTLE_NANOS, blackhole);
    long start = System.nanoTime();
    times.djlCalls += djl.calls(TIMED_NANOS, blackhole);
    times.djlNanos += System.nanoTime() - start;
  }

  /** Sums of an iteration. */
  @State(org.openjdk.jmh.annotations.Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Times {
    /** Calls of {@code cpu}. */
    public long cpuCalls;

    /** The time they took. */
    public long cpuNanos;

    /** Calls of {@code djl}. */
    public long djlCalls;

    /** The time they took. */
    public long djlNanos;
  }

  /** A back end with its inputs. */
  private static final class Side implements AutoCloseable {
    private final Backend backend;
    private final Scope scope;
    private final Call call;

    Side(Backend inner, Workload workload) {
      this.backend = new CheckedBackend(inner);
      this.scope = backend.openScope();
      this.call = workload.on(backend);
    }

    float[] result() {
      return backend.download(call.run());
    }

    /** Makes calls until the time is up; returns how many. */
    long calls(long nanos, Blackhole blackhole) {
      long start = System.nanoTime();
      long calls = 0;
      while (System.nanoTime() - start < nanos) {
        try (Scope _ = backend.openScope()) {
          for (int i = 0; i < CALLS; i++) {
            blackhole.consume(call.run());
          }
        }
        calls += CALLS;
      }
      return calls;
    }

    @Override
    public void close() {
      scope.close();
      backend.close();
    }
  }
}
