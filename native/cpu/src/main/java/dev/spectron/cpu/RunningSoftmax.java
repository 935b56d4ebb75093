package dev.spectron.cpu;

import java.util.Arrays;

/**
 * The softmax of each query of a block over tiles of keys: the largest score so far, and the sum of
 * the exponentials relative to it.
 *
 * @param width of the vectors
 * @param largest score of each query so far, −∞ before the first
 * @param totals sum of the exponentials of each query so far
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RunningSoftmax(VectorWidth width, float[] largest, float[] totals) {
  /** Before any tile. */
  static RunningSoftmax of(VectorWidth width, Workspace workspace, int queries) {
    float[] largest = workspace.largest.of(queries);
    float[] totals = workspace.totals.of(queries);
    Arrays.fill(largest, 0, queries, Float.NEGATIVE_INFINITY);
    Arrays.fill(totals, 0, queries, 0);
    return new RunningSoftmax(width, largest, totals);
  }

  /**
   * Turns the scores of a tile into exponentials, 0 for keys not seen, and rescales what was summed
   * up before where a score exceeds all earlier ones.
   *
   * @param sums values weighted by earlier exponentials, a row a query
   */
  void add(ScoreTile tile, Rows sums) {
    float[] scores = tile.scores().data();
    for (int i = 0; i < tile.block().count(); i++) {
      int first = tile.at(i, tile.firstKey(i));
      int end = tile.at(i, tile.endKey(i));
      if (first < end) {
        raise(i, SoftmaxKernel.max(width, scores, first, end - first), sums);
        totals[i] += SoftmaxKernel.exponentials(width, scores, first, end - first, largest[i]);
      }
      Arrays.fill(scores, tile.at(i, tile.firstKey()), first, 0);
      Arrays.fill(scores, end, tile.at(i, tile.endKey()), 0);
    }
  }

  private void raise(int i, float max, Rows sums) {
    if (max <= largest[i]) {
      return;
    }
    if (totals[i] > 0) {
      float factor = (float) Math.exp(largest[i] - max);
      totals[i] *= factor;
      PointwiseKernel.scale(width, sums.data(), sums.at(i), factor, sums.stride());
    }
    largest[i] = max;
  }

  /** One over the sum of a query's exponentials. */
  float factor(int i) {
    return 1 / totals[i];
  }
}
