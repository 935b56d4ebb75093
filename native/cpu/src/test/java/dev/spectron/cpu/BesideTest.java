package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two threads on the same weights at the same time. */
class BesideTest {
  private static final int DEPTH = 300;
  private static final int COLUMNS = 700;
  private static final int ROUNDS = 200;

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void resultsAreThoseOfOneThreadAlone(int threads) throws Exception {
    SplittableRandom random = new SplittableRandom(threads);
    CpuOptions options = new CpuOptions(0, threads, false, true, false);
    try (Backend backend = new CpuBackendProvider(options).open();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      float[] values = normal(COLUMNS * DEPTH, random);
      Weight w = backend.weight(WeightData.of("w", Shape.of(COLUMNS, DEPTH), values));
      float[] one = normal(DEPTH, random);
      float[] many = normal(37 * DEPTH, random);
      float[] expectedOne = product(backend, w, one);
      float[] expectedMany = product(backend, w, many);
      try (Backend beside = backend.beside().getFirst()) {
        Future<?> other =
            executor.submit(
                () -> {
                  for (int i = 0; i < ROUNDS; i++) {
                    assertThat(product(beside, w, many)).isEqualTo(expectedMany);
                  }
                });
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(product(backend, w, one)).isEqualTo(expectedOne);
        }
        other.get();
      }
      assertThat(product(backend, w, many)).as("the first works on").isEqualTo(expectedMany);
    }
  }

  @Test
  void whoAskedForOneThreadGetsNoOther() {
    CpuOptions options = new CpuOptions(0, 1, false, true, false);
    try (Backend backend = new CpuBackendProvider(options).open()) {
      assertThat(backend.beside()).isEmpty();
    }
  }

  private static float[] product(Backend backend, Weight w, float[] rows) {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(rows, Shape.of(1, rows.length / DEPTH, DEPTH));
      return backend.download(backend.linear(x, w, Weight.none()));
    }
  }

  private static float[] normal(int size, SplittableRandom random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
