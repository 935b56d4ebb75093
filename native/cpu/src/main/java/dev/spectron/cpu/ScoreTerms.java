package dev.spectron.cpu;

import dev.spectron.core.backend.Position;
import java.util.Arrays;

/** What a position adds to the scores of queries and keys. */
sealed interface ScoreTerms {
  /**
   * Queries as they meet positions: with the position bias, or themselves.
   *
   * @param queries of a block, scaled, {@code headDim} apart
   */
  default Rows positionQueries(Workspace workspace, Rows queries, int head) {
    return queries;
  }

  /** Adds what queries carry to every key. */
  default void addContentBias(Rows queries, int head) {}

  /**
   * Writes the terms of a tile of scores, before the products with the keys are added.
   *
   * @param queries what {@link #positionQueries} returned
   * @param tile where the scores stand
   */
  void fill(Workspace workspace, Rows queries, ScoreTile tile);

  /** No term: none, or rotary, which is in queries and keys already. */
  record Nothing() implements ScoreTerms {
    @Override
    public void fill(Workspace workspace, Rows queries, ScoreTile tile) {
      Rows scores = tile.scores();
      Arrays.fill(scores.data(), 0, scores.at(scores.count()), 0);
    }
  }

  /**
   * u·k + (q + v)·P·R(distance): the second part is a product with all distances that occur in the
   * tile, of which each query then takes its own stretch.
   *
   * @param product multiplies
   * @param keys P·R, column e holding distance {@code before − e}
   * @param before largest distance back
   * @param after largest distance ahead
   * @param u scale·u, {@code [nHeads, headDim]}
   * @param v scale·v, {@code [nHeads, headDim]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sinusoids(
      PanelProduct product, KeyPanels keys, int before, int after, float[] u, float[] v)
      implements ScoreTerms {
    @Override
    public Rows positionQueries(Workspace workspace, Rows queries, int head) {
      Rows biased =
          new Rows(
              workspace.positionQueries.of(size(queries)), 0, queries.stride(), queries.count());
      System.arraycopy(queries.data(), 0, biased.data(), 0, size(queries));
      addBias(v, biased, head);
      return biased;
    }

    @Override
    public void addContentBias(Rows queries, int head) {
      addBias(u, queries, head);
    }

    @Override
    public void fill(Workspace workspace, Rows queries, ScoreTile tile) {
      QueryBlock block = tile.block();
      // Queries and keys further apart than any pair that may meet have no column.
      int first = Math.max(0, column(block.query(block.count() - 1), tile.firstKey()));
      int end = Math.min(before + after + 1, column(block.query(0), tile.endKey()));
      int base = first / PanelProduct.COLUMN_UNIT * PanelProduct.COLUMN_UNIT;
      Rows terms = tile.rows(workspace.positions, end - base);
      Arrays.fill(terms.data(), 0, terms.at(terms.count()), 0);
      product.accumulate(
          workspace, queries, keys, block.head(), base, base + terms.stride(), terms);
      for (int i = 0; i < block.count(); i++) {
        int key = tile.firstKey(i);
        int from = terms.at(i) + column(block.query(i), key) - base;
        int count = tile.endKey(i) - key;
        if (count > 0) {
          System.arraycopy(terms.data(), from, tile.scores().data(), tile.at(i, key), count);
        }
      }
    }

    private int column(int query, int key) {
      return key - query + before;
    }

    private static int size(Rows queries) {
      return queries.count() * queries.stride();
    }

    private static void addBias(float[] bias, Rows queries, int head) {
      int headDim = queries.stride();
      for (int i = 0; i < size(queries); i++) {
        queries.data()[i] += bias[head * headDim + i % headDim];
      }
    }
  }

  /**
   * q·D[clip(j − i)].
   *
   * @param product multiplies
   * @param distances D, {@code [left + right + 1, headDim]}
   * @param shaw its reach
   */
  record Distances(PanelProduct product, Matrix distances, Position.Shaw shaw)
      implements ScoreTerms {
    @Override
    public void fill(Workspace workspace, Rows queries, ScoreTile tile) {
      Rows terms = tile.rows(workspace.positions, distances.columns());
      Arrays.fill(terms.data(), 0, terms.at(terms.count()), 0);
      int columns = terms.stride();
      product.accumulate(workspace, queries, distances, 0, distances.depth(), 0, columns, terms);
      for (int i = 0; i < queries.count(); i++) {
        int query = tile.block().query(i);
        for (int key = tile.firstKey(i); key < tile.endKey(i); key++) {
          int distance = Math.clamp(key - (long) query, -shaw.left(), shaw.right());
          tile.scores().data()[tile.at(i, key)] =
              terms.data()[terms.at(i) + distance + shaw.left()];
        }
      }
    }
  }
}
