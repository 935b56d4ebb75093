package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuKvCacheTest {
  private final CpuBackend backend = new CpuBackend(128, new CpuOptions(128, 1, false, true));

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void attentionPastTheCapacityIsACapacityError() {
    try (Scope _ = backend.openScope();
        KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 5, 8))) {
      attend(4, 2, 4, cache.layer(0));
      cache.advance(4);
      assertThatThrownBy(() -> attend(2, 2, 4, cache.layer(0)))
          .isInstanceOf(CapacityException.class)
          .hasMessage(
              "attention: 2 frames do not fit after position 4 of KV cache capacity 5; open a larger cache");
      attend(1, 2, 4, cache.layer(0));
      cache.advance(1);
      assertThat(cache.position()).isEqualTo(5);
      assertThatThrownBy(() -> cache.advance(1)).isInstanceOf(CapacityException.class);
    }
  }

  @Test
  void aCacheLargerThanMemoryIsACapacityError() {
    KvCacheSpec spec = new KvCacheSpec(1000, 1000, 1_000_000, 1 << 20);
    assertThatThrownBy(() -> backend.kvCache(spec))
        .isInstanceOf(CapacityException.class)
        .hasMessageContaining("lower the capacity");
  }

  @Test
  void aLargeCapacityCostsNothingUntilItIsUsed() {
    try (Scope _ = backend.openScope();
        KvCache cache = backend.kvCache(new KvCacheSpec(24, 1, 100_000, 256))) {
      attend(3, 8, 32, cache.layer(23));
      assertThat(cache.capacity()).isEqualTo(100_000);
    }
  }

  @Test
  void aClosedCacheIsRejected() {
    KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 5, 8));
    KvCache.Layer layer = cache.layer(0);
    cache.close();
    cache.close();
    assertThatThrownBy(() -> cache.layer(0)).isInstanceOf(IllegalStateException.class);
    try (Scope _ = backend.openScope()) {
      assertThatThrownBy(() -> attend(1, 2, 4, layer)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aLayerKeepsTheHeadsOfItsFirstUse() {
    try (Scope _ = backend.openScope();
        KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 5, 8))) {
      attend(1, 2, 4, cache.layer(0));
      assertThatThrownBy(() -> attend(1, 4, 2, cache.layer(0)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("8 channels");
    }
  }

  @Test
  void theCacheOfAnotherBackEndIsRejected() {
    try (Scope _ = backend.openScope()) {
      assertThatThrownBy(() -> attend(1, 2, 4, () -> 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("made by another back end");
    }
  }

  private Tensor attend(int time, int nHeads, int headDim, KvCache.Layer layer) {
    int channels = nHeads * headDim;
    Tensor x = backend.upload(new float[time * channels], Shape.of(1, time, channels));
    AttentionSpec spec = AttentionSpec.of(nHeads, nHeads, headDim, new AttentionMask.Causal());
    Lengths full = Lengths.full(1, time);
    return backend.attention(x, x, x, spec, new Position.None(), full, layer);
  }
}
