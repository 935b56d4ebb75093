package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.SideBySide;
import dev.spectron.core.backend.SideBySide.Side;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attention over more keys than a tile holds, and to keys far from the first. */
class LongAttentionTest {
  private static final int TIME = AttentionKernel.TILE_KEYS + 45;

  private final CpuBackend backend = new CpuBackend(256, new CpuOptions(256, 2, false, true));
  private final SideBySide sides = new SideBySide(backend, 1e-6, System.nanoTime());

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void tilesOfKeysJoin() {
    WeightData projection = sides.weight(16, 16);
    WeightData bias = sides.weight(2, 8);
    WeightData distances = sides.weight(300, 8);
    agree(_ -> new Position.None());
    agree(_ -> new Position.Rotary(8, 10000, new RotaryScaling.None()));
    agree(s -> new Position.TransformerXl(s.w(projection), s.w(bias), s.w(bias)));
    agree(s -> new Position.Shaw(s.w(distances), 290, 9));
  }

  private void agree(Function<Side, Position> position) {
    Lengths lengths = Lengths.of(TIME, KeyPanels.CHUNK + 1);
    Values x = sides.random(2, TIME, 16).poisoned(lengths, 1e6f);
    for (AttentionMask mask :
        new AttentionMask[] {
          new AttentionMask.Full(),
          new AttentionMask.Causal(),
          new AttentionMask.Prefix(Lengths.of(KeyPanels.CHUNK + 3, 5)),
          new AttentionMask.Chunked(16, 40, 8),
          new AttentionMask.Chunked(300, AttentionKernel.TILE_KEYS - 300, 0)
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
  void aLargerScoreInALaterTileOutweighsEarlierOnes() {
    Values x = sides.random(1, TIME, 8);
    for (int c = 0; c < 8; c++) {
      x.values()[(TIME - 3) * 8 + c] = 9;
    }
    AttentionSpec spec = AttentionSpec.of(1, 1, 8, new AttentionMask.Full());
    Lengths full = Lengths.full(1, TIME);
    sides.compare(
        "a later tile with scores in the hundreds",
        1e-4,
        s -> {
          Tensor y = s.x(x);
          Position none = new Position.None();
          return s.backend().attention(y, y, y, spec, none, full, KvCache.Layer.none());
        });
  }

  @Test
  void scratchMemoryDoesNotGrowWithTime() {
    WeightData projection = sides.weight(8, 8);
    WeightData bias = sides.weight(1, 8);
    WeightData distances = sides.weight(300, 8);
    List<Function<Side, Position>> positions =
        List.of(
            _ -> new Position.None(),
            _ -> new Position.Rotary(8, 10000, new RotaryScaling.None()),
            s -> new Position.TransformerXl(s.w(projection), s.w(bias), s.w(bias)),
            s -> new Position.Shaw(s.w(distances), 290, 9));
    for (Function<Side, Position> position : positions) {
      for (AttentionMask mask : List.of(new AttentionMask.Full(), new AttentionMask.Causal())) {
        int tiles = 2 * AttentionKernel.TILE_KEYS;
        long once = scratchAfter(tiles, mask, position);
        assertThat(scratchAfter(2 * tiles, mask, position)).isEqualTo(once);
        assertThat(once)
            .isLessThan(2L * 4 * AttentionKernel.BLOCK_QUERIES * AttentionKernel.TILE_KEYS);
      }
    }
  }

  private static long scratchAfter(
      int time, AttentionMask mask, Function<Side, Position> position) {
    try (CpuBackend fresh = new CpuBackend(256, new CpuOptions(256, 1, false, false));
        Scope _ = fresh.openScope()) {
      Tensor x = fresh.upload(new float[time * 8], Shape.of(1, time, 8));
      AttentionSpec spec = AttentionSpec.of(1, 1, 8, mask);
      Position on = position.apply(new Side(fresh));
      fresh.attention(x, x, x, spec, on, Lengths.full(x), KvCache.Layer.none());
      return fresh.workspaceElements();
    }
  }

  @Test
  void decodingGoesOnPastATile() {
    int prefix = AttentionKernel.TILE_KEYS - 2;
    Values x = sides.random(1, prefix, 32);
    Values step = sides.random(1, 1, 32);
    AttentionSpec spec = AttentionSpec.of(4, 2, 8, new AttentionMask.Causal());
    sides.agree(
        "decoding past a tile",
        AttentionKernel.TILE_KEYS,
        s -> {
          try (KvCache cache = s.backend().kvCache(new KvCacheSpec(1, 1, 2000, 16))) {
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
