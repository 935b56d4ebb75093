package dev.spectron.cpu;

import dev.spectron.core.backend.Position;
import java.util.Arrays;

/** What a position adds to the scores of queries and keys. */
sealed interface ScoreTerms {
  /**
   * Writes the terms of a block of queries, before the products with the keys are added.
   *
   * @param queries the block's queries, scaled, {@code headDim} apart
   * @param block where the queries and the scores stand
   */
  void fill(Workspace workspace, Rows queries, QueryBlock block);

  /** Adds what queries carry to every key. */
  default void addContentBias(Rows queries, QueryBlock block) {}

  /** No term: none, or rotary, which is in queries and keys already. */
  record Nothing() implements ScoreTerms {
    @Override
    public void fill(Workspace workspace, Rows queries, QueryBlock block) {
      Rows scores = block.scores();
      Arrays.fill(scores.data(), 0, scores.at(scores.count()), 0);
    }
  }

  /**
   * u·k + (q + v)·P·R(distance): the second part is a product with all distances that occur in the
   * block, of which each query then takes its own stretch.
   *
   * @param product multiplies
   * @param keys P·R, column e holding distance {@code before − e}
   * @param before largest distance
   * @param u scale·u, {@code [nHeads, headDim]}
   * @param v scale·v, {@code [nHeads, headDim]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sinusoids(PanelProduct product, KeyPanels keys, int before, float[] u, float[] v)
      implements ScoreTerms {
    @Override
    public void fill(Workspace workspace, Rows queries, QueryBlock block) {
      Rows biased =
          new Rows(workspace.results.of(size(queries)), 0, queries.stride(), block.count());
      System.arraycopy(queries.data(), 0, biased.data(), 0, size(queries));
      addBias(v, biased, block.head());
      int last = block.count() - 1;
      int first = block.firstKey() - block.query(last) + before;
      int end = block.endKey() - block.query(0) + before;
      int base = first / PanelProduct.COLUMN_UNIT * PanelProduct.COLUMN_UNIT;
      Rows terms = block.rows(workspace.positions, end - base);
      Arrays.fill(terms.data(), 0, terms.at(terms.count()), 0);
      product.accumulate(workspace, biased, keys, block.head(), base, base + terms.stride(), terms);
      for (int i = 0; i < block.count(); i++) {
        int distanceColumn = block.firstKey(i) - block.query(i) + before;
        block.copyTerms(i, terms.data(), terms.at(i) + distanceColumn - base);
      }
    }

    @Override
    public void addContentBias(Rows queries, QueryBlock block) {
      addBias(u, queries, block.head());
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
    public void fill(Workspace workspace, Rows queries, QueryBlock block) {
      Rows terms = block.rows(workspace.positions, distances.columns());
      Arrays.fill(terms.data(), 0, terms.at(terms.count()), 0);
      int columns = terms.stride();
      product.accumulate(workspace, queries, distances, 0, distances.depth(), 0, columns, terms);
      Rows scores = block.scores();
      for (int i = 0; i < queries.count(); i++) {
        int at = scores.at(i) - block.baseKey();
        for (int key = block.firstKey(i); key < block.endKey(i); key++) {
          int distance = Math.clamp(key - (long) block.query(i), -shaw.left(), shaw.right());
          scores.data()[at + key] = terms.data()[terms.at(i) + distance + shaw.left()];
        }
      }
    }
  }
}
