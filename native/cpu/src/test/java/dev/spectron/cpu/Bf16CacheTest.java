package dev.spectron.cpu;

import static dev.spectron.core.backend.SideBySide.assertClose;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.packing.Bf16Panels;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys and values as bf16 beside the same as float32, across the edges of chunks and panels. */
class Bf16CacheTest {
  /** What bf16 holds exactly loses nothing, whether it comes at once or step by step. */
  @ParameterizedTest
  @CsvSource({"300, 0, 4, 2, 64", "270, 9, 2, 1, 33", "1, 40, 3, 3, 7", "250, 20, 2, 2, 1"})
  void numbersOfEightBitsAreKeptAsTheyAre(int prefill, int steps, int heads, int kv, int headDim) {
    Run run = new Run(prefill, steps, heads, kv, headDim);
    float[] keys = run.numbers(kv, 1, true);
    float[] values = run.numbers(kv, 2, true);
    assertClose(
        "bf16 cache", run.attend(true, keys, values), run.attend(false, keys, values), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"260, 12, 4, 2, 64", "3, 30, 2, 1, 33"})
  void otherNumbersAreRounded(int prefill, int steps, int heads, int kv, int headDim) {
    Run run = new Run(prefill, steps, heads, kv, headDim);
    float[] keys = run.numbers(kv, 3, false);
    float[] values = run.numbers(kv, 4, false);
    assertClose(
        "bf16 cache", run.attend(true, keys, values), run.attend(false, keys, values), 1e-2);
  }

  private record Run(int prefill, int steps, int nHeads, int nKvHeads, int headDim) {
    float[] numbers(int heads, int seed, boolean exact) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] numbers = new float[(prefill + steps) * heads * headDim];
      for (int i = 0; i < numbers.length; i++) {
        float number = (float) random.nextGaussian();
        numbers[i] = exact ? Bf16Panels.value(Bf16Panels.bits(number)) : number;
      }
      return numbers;
    }

    /** Results of all positions: some at once, the others one after the other. */
    double[] attend(boolean bf16, float[] keys, float[] values) {
      float[] queries = numbers(nHeads, 5, false);
      double[] results = new double[queries.length];
      CpuOptions options = new CpuOptions(128, 2, false, false, false, bf16, true);
      try (CpuBackend backend = new CpuBackend(128, options);
          KvCache cache =
              backend.kvCache(new KvCacheSpec(1, 1, prefill + steps, nKvHeads * headDim))) {
        for (int from = 0; from < prefill + steps; ) {
          int time = from == 0 ? prefill : 1;
          try (Scope _ = backend.openScope()) {
            Tensor y =
                backend.attention(
                    part(backend, queries, from, time, nHeads),
                    part(backend, keys, from, time, nKvHeads),
                    part(backend, values, from, time, nKvHeads),
                    AttentionSpec.of(nHeads, nKvHeads, headDim, new AttentionMask.Causal()),
                    new Position.None(),
                    Lengths.full(1, time),
                    cache.layer(0));
            float[] found = backend.download(y);
            for (int i = 0; i < found.length; i++) {
              results[from * nHeads * headDim + i] = found[i];
            }
          }
          cache.advance(time);
          from += time;
        }
      }
      return results;
    }

    private Tensor part(CpuBackend backend, float[] all, int from, int time, int heads) {
      int channels = heads * headDim;
      float[] frames = Arrays.copyOfRange(all, from * channels, (from + time) * channels);
      return backend.upload(frames, Shape.of(1, time, channels));
    }
  }
}
