package dev.spectron.cpu;

import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Multi-head attention, a block of queries and a tile of keys at a time: the scores of the tile,
 * then its values under their exponentials, which are rescaled where a later tile holds a larger
 * score. So scratch memory does not grow with time and stays in the second-level cache. Both are
 * products with panels, so decoding reads a cache once, in order. Blocks are shared out among the
 * team. Source: Milakov and Gimelshein 2018, arXiv 1805.02867, for the rescaled sums; Dao et al.
 * 2022, arXiv 2205.14135, for the tiles.
 */
final class AttentionKernel {
  /** Queries of a block: four tiles read the keys of a head from the first-level cache. */
  static final int BLOCK_QUERIES = 4 * TileKernel.ROWS;

  /**
   * Keys of a tile. Tiles begin at its multiples, wherever a block begins, so that how the sum of a
   * query is cut does not depend on its company.
   */
  static final int TILE_KEYS = 4 * KeyPanels.CHUNK;

  private final Machine machine;
  private final Arena arena;
  private final PanelProduct product;
  private final RotaryTables rotaryTables = new RotaryTables();
  private final RelativeKeys relativeKeys;

  /** Where keys and values go that no cache keeps. */
  private final Map<KeyValues.HeadSizes, KeyValues> passing = new HashMap<>();

  /** Memory is freed with {@code arena}. */
  AttentionKernel(Machine machine, DenseKernel dense, Arena arena) {
    this.machine = machine;
    this.arena = arena;
    this.product = new PanelProduct(machine.width(), machine.scalars());
    this.relativeKeys = new RelativeKeys(machine, dense, arena);
  }

  /**
   * Attends.
   *
   * @param shape of {@code q}: {@code [batch, time, nHeads·headDim]}
   * @param y as {@code q}
   */
  void apply(
      float[] q,
      float[] k,
      float[] v,
      Shape shape,
      AttentionSpec spec,
      Position position,
      Lengths lengths,
      KvCache.Layer cache,
      float[] y) {
    int time = shape.size(1);
    int start = cache.position();
    Rotation rotation = rotation(position, start + time);
    ScoreTerms terms = terms(position, spec, start + time - 1, time - 1);
    KeyValues.HeadSizes sizes = new KeyValues.HeadSizes(spec.nKvHeads(), spec.headDim());
    int channels = shape.size(2);
    int kvChannels = spec.nKvHeads() * spec.headDim();
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      KeyValues store = store(cache, sizes, row, time);
      int firstKv = row * time * kvChannels;
      append(store, k, v, firstKv, valid, sizes, start, rotation);
      KeySpan span = new KeySpan(spec.mask(), row, start + valid);
      Rows queries = new Rows(q, row * time * channels, channels, valid);
      Rows results = new Rows(y, row * time * channels, channels, valid);
      new RowPass(spec, store, span, terms, rotation, start, queries, results).run();
      Arrays.fill(y, results.at(valid), results.at(time), 0);
    }
  }

  /** Rotates one head to a position, in place. */
  @FunctionalInterface
  private interface Rotation {
    void rotate(float[] x, int at, int position);
  }

  private Rotation rotation(Position position, int positions) {
    return position instanceof Position.Rotary rotary
        ? rotaryTables.of(rotary, positions)::rotate
        : (_, _, _) -> {};
  }

  private ScoreTerms terms(Position position, AttentionSpec spec, int before, int after) {
    return switch (position) {
      case Position.None _, Position.Rotary _ -> new ScoreTerms.Nothing();
      case Position.TransformerXl xl -> {
        KeyValues.HeadSizes all = new KeyValues.HeadSizes(spec.nHeads(), spec.headDim());
        KeySpan.Reach reach = KeySpan.Reach.of(spec.mask());
        int back = Math.min(before, reach.back());
        int ahead = Math.min(after, reach.ahead());
        KeyPanels keys = relativeKeys.project(xl, all, back, ahead);
        float[] u = scaled(xl.u(), spec.scale());
        float[] v = scaled(xl.v(), spec.scale());
        yield new ScoreTerms.Sinusoids(product, keys, back, ahead, u, v);
      }
      case Position.Shaw shaw ->
          new ScoreTerms.Distances(product, CpuWeight.of(shaw.distances()).matrix(), shaw);
    };
  }

  private static float[] scaled(Weight weight, float scale) {
    float[] values = CpuWeight.of(weight).matrix().toRows();
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return values;
  }

  private KeyValues store(KvCache.Layer cache, KeyValues.HeadSizes sizes, int row, int time) {
    if (cache.isPresent()) {
      return CpuKvCache.CpuLayer.of(cache).reserve(row, sizes, time);
    }
    KeyValues store = passing.computeIfAbsent(sizes, s -> KeyValues.of(arena, s, false));
    store.reserve(time);
    return store;
  }

  private void append(
      KeyValues store,
      float[] k,
      float[] v,
      int first,
      int frames,
      KeyValues.HeadSizes sizes,
      int start,
      Rotation rotation) {
    int headDim = sizes.headDim();
    int stride = sizes.nHeads() * headDim;
    machine
        .team()
        .split(
            sizes.nHeads(),
            2L * frames * headDim,
            (firstHead, endHead, worker) -> {
              Workspace workspace = machine.workspaces()[worker];
              for (int head = firstHead; head < endHead; head++) {
                int from = first + head * headDim;
                for (int t = 0; t < frames; t += KeyPanels.CHUNK) {
                  int count = Math.min(frames - t, KeyPanels.CHUNK);
                  Rows keys = new Rows(k, from + t * stride, stride, count);
                  Rows rotated = rotated(workspace, keys, headDim, start + t, rotation);
                  store.keys().set(head, start + t, count, rotated, workspace);
                }
                for (int t = 0; t < frames; t++) {
                  store.values().set(head, start + t, v, from + t * stride);
                }
              }
            });
  }

  private static Rows rotated(
      Workspace workspace, Rows keys, int headDim, int start, Rotation rotation) {
    float[] copy = workspace.queries.of(keys.count() * headDim);
    Rows rotated = new Rows(copy, 0, headDim, keys.count());
    for (int t = 0; t < keys.count(); t++) {
      System.arraycopy(keys.data(), keys.at(t), copy, rotated.at(t), headDim);
      rotation.rotate(copy, rotated.at(t), start + t);
    }
    return rotated;
  }

  /** The queries of one batch row; the first stands at position {@code start}. */
  private final class RowPass {
    private final AttentionSpec spec;
    private final KeyValues store;
    private final KeySpan span;
    private final ScoreTerms terms;
    private final Rotation rotation;
    private final int start;
    private final Rows queries;
    private final Rows results;
    private final int group;

    RowPass(
        AttentionSpec spec,
        KeyValues store,
        KeySpan span,
        ScoreTerms terms,
        Rotation rotation,
        int start,
        Rows queries,
        Rows results) {
      this.spec = spec;
      this.store = store;
      this.span = span;
      this.terms = terms;
      this.rotation = rotation;
      this.start = start;
      this.queries = queries;
      this.results = results;
      this.group = spec.nHeads() / spec.nKvHeads();
    }

    void run() {
      if (queries.count() == 0) {
        return;
      }
      boolean byGroup = queries.count() == 1 && terms instanceof ScoreTerms.Nothing;
      int perHead = Math.ceilDiv(queries.count(), BLOCK_QUERIES);
      int blocks = byGroup ? spec.nKvHeads() : spec.nHeads() * perHead;
      long products = 2L * spec.nHeads() * queries.count() * span.nKeys() * spec.headDim() / blocks;
      machine
          .team()
          .split(
              blocks,
              products / 8,
              (first, end, worker) -> {
                Workspace workspace = machine.workspaces()[worker];
                for (int block = first; block < end; block++) {
                  if (byGroup) {
                    attend(workspace, block * group, 0, 0, group);
                  } else {
                    int query = block % perHead * BLOCK_QUERIES;
                    int count = Math.min(BLOCK_QUERIES, queries.count() - query);
                    attend(workspace, block / perHead, query, 1, count);
                  }
                }
              });
    }

    /**
     * Attends with some queries.
     *
     * @param head first head
     * @param query first query, counted in this call
     * @param step 1: the queries are frames of one head; 0: they are heads of one frame
     */
    private void attend(Workspace workspace, int head, int query, int step, int count) {
      QueryBlock block = new QueryBlock(span, head, start + query, step, count);
      int headDim = spec.headDim();
      Rows q = new Rows(workspace.queries.of(count * headDim), 0, headDim, count);
      for (int i = 0; i < count; i++) {
        int from = queries.at(query + i * step) + (head + i * (1 - step)) * headDim;
        System.arraycopy(queries.data(), from, q.data(), q.at(i), headDim);
        rotation.rotate(q.data(), q.at(i), block.query(i));
      }
      PointwiseKernel.scale(machine.width(), q.data(), 0, spec.scale(), count * headDim);
      Rows positionQueries = terms.positionQueries(workspace, q, head);
      terms.addContentBias(q, head);
      RunningSoftmax softmax = RunningSoftmax.of(machine.width(), workspace, count);
      Rows sums = zeros(workspace, count);
      int end = block.endKey();
      for (int key = block.firstKey(); key < end; ) {
        int tileEnd = Math.min(end, key - key % TILE_KEYS + TILE_KEYS);
        ScoreTile tile = ScoreTile.of(block, key, tileEnd, workspace.scores);
        terms.fill(workspace, positionQueries, tile);
        Rows scores = tile.scores();
        int base = tile.baseKey();
        product.accumulate(
            workspace, q, store.keys(), head / group, base, base + scores.stride(), scores);
        softmax.add(tile, sums);
        addValues(workspace, tile, head / group, sums);
        key = tileEnd;
      }
      for (int i = 0; i < count; i++) {
        int to = results.at(query + i * step) + (head + i * (1 - step)) * headDim;
        System.arraycopy(sums.data(), sums.at(i), results.data(), to, headDim);
        PointwiseKernel.scale(machine.width(), results.data(), to, softmax.factor(i), headDim);
      }
    }

    private Rows zeros(Workspace workspace, int count) {
      int unit = (count == 1 ? 4 : 2) * machine.width().lanes();
      int columns = Math.ceilDiv(spec.headDim(), unit) * unit;
      Rows sums = new Rows(workspace.results.of(count * columns), 0, columns, count);
      Arrays.fill(sums.data(), 0, sums.at(count), 0);
      return sums;
    }

    /** Adds the values of a tile weighted by its exponentials. */
    private void addValues(Workspace workspace, ScoreTile tile, int kvHead, Rows sums) {
      int key = tile.firstKey();
      while (key < tile.endKey()) {
        int chunk = key / KeyPanels.CHUNK;
        int first = key % KeyPanels.CHUNK;
        int count = Math.min(tile.endKey() - key, KeyPanels.CHUNK - first);
        Panels values = store.values().chunk(chunk, kvHead);
        Rows weights = tile.scores().shift(key - tile.baseKey());
        product.accumulate(workspace, weights, values, first, count, 0, sums.stride(), sums);
        key += count;
      }
    }
  }
}
