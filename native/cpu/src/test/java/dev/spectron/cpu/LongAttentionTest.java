package dev.spectron.cpu;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.SideBySide;
import dev.spectron.core.backend.SideBySide.Side;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attention over more keys than a chunk of panels holds, and to keys far from the first. */
class LongAttentionTest {
  private static final int TIME = KeyPanels.CHUNK + 45;

  private final CpuBackend backend = new CpuBackend(256, new CpuOptions(256, 2, false, true));
  private final SideBySide sides = new SideBySide(backend, 1e-6, System.nanoTime());

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void chunksOfKeysJoin() {
    WeightData projection = sides.weight(16, 16);
    WeightData bias = sides.weight(2, 8);
    WeightData distances = sides.weight(300, 8);
    agree(_ -> new Position.None());
    agree(s -> new Position.TransformerXl(s.w(projection), s.w(bias), s.w(bias)));
    agree(s -> new Position.Shaw(s.w(distances), 290, 9));
  }

  private void agree(Function<Side, Position> position) {
    Lengths lengths = Lengths.of(TIME, KeyPanels.CHUNK + 1);
    Values x = sides.random(2, TIME, 16).poisoned(lengths, 1e6f);
    for (AttentionMask mask :
        new AttentionMask[] {
          new AttentionMask.Full(),
          new AttentionMask.Chunked(16, 40, 8),
          new AttentionMask.Chunked(100, 100, 0)
        }) {
      AttentionSpec spec = AttentionSpec.of(2, 2, 8, mask);
      sides.agreePadded(
          "long attention under " + mask,
          4 * 8 + TIME,
          lengths,
          s -> {
            Tensor y = s.x(x);
            KvCache.Layer none = KvCache.Layer.none();
            return s.backend().attention(y, y, y, spec, position.apply(s), lengths, none);
          });
    }
  }

  @Test
  void decodingGoesOnPastAChunk() {
    int prefix = KeyPanels.CHUNK - 2;
    Values x = sides.random(1, prefix, 32);
    Values step = sides.random(1, 1, 32);
    AttentionSpec spec = AttentionSpec.of(4, 2, 8, new AttentionMask.Causal());
    sides.agree(
        "decoding past a chunk",
        300,
        s -> {
          try (KvCache cache = s.backend().kvCache(new KvCacheSpec(1, 1, 1000, 16))) {
            attend(s, s.x(x), spec, cache);
            Tensor y = s.x(step);
            for (int i = 0; i < 5; i++) {
              y = s.backend().add(attend(s, y, spec, cache), y);
            }
            return y;
          }
        });
  }

  private static Tensor attend(Side s, Tensor x, AttentionSpec spec, KvCache cache) {
    int time = x.shape().size(1);
    int[] start = {0};
    Lengths full = Lengths.full(1, time);
    Tensor narrow =
        s.backend().sliceTime(s.backend().reshape(x, Shape.of(1, 2 * time, 16)), start, full);
    Position none = new Position.None();
    Tensor y = s.backend().attention(x, narrow, narrow, spec, none, full, cache.layer(0));
    cache.advance(time);
    return y;
  }
}
