package dev.spectron.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.cuda.emulator.Emulator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has how much device memory, and for how long. */
class DeviceMemoryTest {
  private final Emulator emulator = Emulator.load();

  @BeforeEach
  void startAfresh() {
    emulator.reset();
  }

  @Test
  void sizesAreRoundedUpByAQuarterAtMost() {
    assertThat(DeviceMemory.rounded(1)).isEqualTo(256);
    assertThat(DeviceMemory.rounded(257)).isEqualTo(512);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      long bytes = random.nextLong(1024, 1L << 40);
      long rounded = DeviceMemory.rounded(bytes);
      assertThat(rounded).isBetween(bytes, bytes + bytes / 4 + 1);
      assertThat(rounded % 256).isZero();
      assertThat(DeviceMemory.rounded(rounded)).isEqualTo(rounded);
    }
  }

  @Test
  void stepsTakeNoMoreMemoryThanTheFirst() {
    try (CudaBackend backend = new CudaBackend(CudaOptions.defaults())) {
      Weight weight = backend.weight(WeightData.of("w", Shape.of(8, 8), new float[64]));
      step(backend, weight);
      long before = emulator.memoryInUse();
      for (int i = 0; i < 10; i++) {
        step(backend, weight);
        assertThat(emulator.memoryInUse()).isEqualTo(before);
      }
    }
  }

  private static void step(CudaBackend backend, Weight weight) {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[96], Shape.of(1, 12, 8));
      x = backend.feedForward(x, weight, Weight.none(), Activation.SILU, weight, Weight.none());
      AttentionSpec spec = AttentionSpec.of(2, 2, 4, new AttentionMask.Causal());
      x =
          backend.attention(
              x, x, x, spec, new Position.None(), Lengths.full(x), KvCache.Layer.none());
      backend.download(backend.rmsNorm(x, Weight.none(), 1e-5f));
    }
  }

  @Test
  void closingReturnsEverything() {
    long before = emulator.memoryInUse();
    CudaBackend backend = new CudaBackend(CudaOptions.defaults());
    Weight weight = backend.weight(WeightData.of("w", Shape.of(8, 8), new float[64]));
    KvCache cache = backend.kvCache(new KvCacheSpec(2, 1, 10, 8));
    Scope scope = backend.openScope();
    backend.upload(new float[1000], Shape.of(1000));
    step(backend, weight);
    assertThat(emulator.memoryInUse()).isGreaterThan(before);
    backend.close();
    backend.close();
    scope.close();
    cache.close();
    assertThat(emulator.memoryInUse()).isEqualTo(before);
  }

  @Test
  void aCacheThatDoesNotFitSaysSoAndLeavesNothing() {
    try (CudaBackend backend = new CudaBackend(new CudaOptions(false))) {
      long before = emulator.memoryInUse();
      assertThatThrownBy(() -> backend.kvCache(new KvCacheSpec(24, 1, 100_000, 1024)))
          .isInstanceOf(CapacityException.class)
          .hasMessageMatching(
              "backend cuda: KvCacheSpec.*: needs 19660800000 bytes, found \\d+ bytes of device memory free; lower the capacity");
      assertThat(emulator.memoryInUse()).isEqualTo(before);
      assertThatThrownBy(
              () -> backend.kvCache(new KvCacheSpec(1, 1 << 30, Integer.MAX_VALUE, 1 << 30)))
          .isInstanceOf(CapacityException.class);
    }
  }

  @Test
  void largeCopiesGoThroughTheStagingMemoryInPieces() {
    float[] values = new float[3_000_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (CudaBackend backend = new CudaBackend(CudaOptions.defaults());
        Scope _ = backend.openScope()) {
      Tensor x = backend.upload(values, Shape.of(values.length));
      Tensor y = backend.upload(new float[1000], Shape.of(1000));
      assertThat(backend.download(x)).isEqualTo(values);
      assertThat(backend.download(y)).containsOnly(0);
    }
  }

  @Test
  void aFailureOfTheDeviceIsReportedInWords() {
    CudaBackend backend = new CudaBackend(CudaOptions.defaults());
    try (Scope _ = backend.openScope()) {
      Tensor q = backend.upload(new float[257], Shape.of(1, 1, 257));
      AttentionSpec spec = AttentionSpec.of(1, 1, 257, new AttentionMask.Full());
      Position none = new Position.None();
      assertThatThrownBy(
              () -> backend.attention(q, q, q, spec, none, Lengths.full(q), KvCache.Layer.none()))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "backend cuda: attention: expected head_dim up to 256, found 257; choose another back end");
    }
    backend.close();
    assertThatThrownBy(() -> CudaCheck.driver(700, "launch of add"))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "backend cuda: launch of add: expected success, found CUDA_ERROR_ILLEGAL_ADDRESS (700)");
  }
}
