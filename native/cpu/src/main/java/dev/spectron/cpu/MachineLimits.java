package dev.spectron.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the machine can do at best, measured now: how fast its threads read memory and multiply.
 * Other programs share both, so a figure holds for the moment it was taken in.
 *
 * @param readGigabytes read from memory a second
 * @param gigaflops float32 multiplications and additions a second, in fused pairs
 */
public record MachineLimits(double readGigabytes, double gigaflops) {
  /** More than any cache holds. */
  private static final long BYTES_PER_THREAD = 256L << 20;

  private static final int BLOCK_BYTES = 1 << 20;
  private static final int TURNS = 20_000_000;
  private static final int CHAINS = 12;

  /**
   * Measures for some 0.3 seconds, after as long to warm up.
   *
   * @param threads at least 1
   */
  public static MachineLimits measure(int threads) {
    VectorWidth width = VectorWidth.of(VectorWidth.preferredBits());
    try (CpuTeam team = new CpuTeam(threads);
        Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(BYTES_PER_THREAD * threads, Panels.LINE_BYTES);
      memory.fill((byte) 1);
      long[] sink = new long[threads];
      double read = 0;
      double flops = 0;
      for (int i = 0; i < 4; i++) {
        read = Math.max(read, read(width, team, memory, sink));
        flops = Math.max(flops, multiply(width, team, sink));
      }
      if (sink[0] == Long.MIN_VALUE) {
        throw new IllegalStateException("a sum that nobody expects");
      }
      return new MachineLimits(read, flops);
    }
  }

  private static double read(VectorWidth width, CpuTeam team, MemorySegment memory, long[] sink) {
    int blocks = (int) (memory.byteSize() / BLOCK_BYTES);
    long start = System.nanoTime();
    team.run(
        team.threads(),
        (chunk, worker) -> {
          int first = chunk * blocks / team.threads();
          int end = (chunk + 1) * blocks / team.threads();
          for (int block = first; block < end; block++) {
            sink[chunk] += sum(width, memory, (long) block * BLOCK_BYTES);
          }
        });
    return memory.byteSize() / (double) (System.nanoTime() - start);
  }

  private static int sum(VectorWidth width, MemorySegment memory, long from) {
    VectorSpecies<Integer> ints = width.ints();
    IntVector a = IntVector.zero(ints);
    IntVector b = IntVector.zero(ints);
    int bytes = ints.vectorByteSize();
    for (long at = from; at < from + BLOCK_BYTES; at += 2L * bytes) {
      a = a.or(IntVector.fromMemorySegment(ints, memory, at, LITTLE_ENDIAN));
      b = b.or(IntVector.fromMemorySegment(ints, memory, at + bytes, LITTLE_ENDIAN));
    }
    return a.or(b).lane(0);
  }

  private static double multiply(VectorWidth width, CpuTeam team, long[] sink) {
    long start = System.nanoTime();
    team.run(team.threads(), (chunk, worker) -> sink[chunk] += chains(width));
    double nanos = System.nanoTime() - start;
    return 2.0 * CHAINS * width.lanes() * TURNS * team.threads() / nanos;
  }

  /** Chains enough to fill the multipliers, none of which waits for another. */
  private static long chains(VectorWidth width) {
    VectorSpecies<Float> f = width.floats();
    FloatVector x = FloatVector.broadcast(f, 0.999f);
    FloatVector y = FloatVector.broadcast(f, 1e-3f);
    FloatVector c0 = y;
    FloatVector c1 = y;
    FloatVector c2 = y;
    FloatVector c3 = y;
    FloatVector c4 = y;
    FloatVector c5 = y;
    FloatVector c6 = y;
    FloatVector c7 = y;
    FloatVector c8 = y;
    FloatVector c9 = y;
    FloatVector c10 = y;
    FloatVector c11 = y;
    for (int i = 0; i < TURNS; i++) {
      c0 = c0.fma(x, y);
      c1 = c1.fma(x, y);
      c2 = c2.fma(x, y);
      c3 = c3.fma(x, y);
      c4 = c4.fma(x, y);
      c5 = c5.fma(x, y);
      c6 = c6.fma(x, y);
      c7 = c7.fma(x, y);
      c8 = c8.fma(x, y);
      c9 = c9.fma(x, y);
      c10 = c10.fma(x, y);
      c11 = c11.fma(x, y);
    }
    FloatVector sum = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return (long) sum.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }
}
