package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.tensor.Lengths;
import java.util.Arrays;

/** Masks computed on the host; equal masks are made once a scope. */
sealed interface Masks {
  /** The mask as an array of {@code owner}. */
  NDArray create(HostArrays host, NDManager owner);

  /**
   * True at frames past a row's length: {@code [batch, time, 1]}, or {@code [batch, time, 1, 1]}.
   *
   * @param lengths valid frames
   * @param time frames of the padded batch
   * @param rank axes of the tensor it is for
   */
  record Padding(Lengths lengths, int time, int rank) implements Masks {
    @Override
    public NDArray create(HostArrays host, NDManager owner) {
      boolean[] padding = new boolean[Math.multiplyExact(lengths.batch(), time)];
      for (int row = 0; row < lengths.batch(); row++) {
        Arrays.fill(padding, row * time + Math.min(lengths.at(row), time), (row + 1) * time, true);
      }
      long[] sizes = new long[rank];
      Arrays.fill(sizes, 1);
      sizes[0] = lengths.batch();
      sizes[1] = time;
      return host.booleans(owner, padding, new Shape(sizes));
    }
  }

  /**
   * Added to attention scores: 0 where a query may see a key, −∞ elsewhere, {@code [batch, 1,
   * queries, keys]}. A query that sees nothing, which stands in the padding, is given the first key
   * so that its softmax is defined.
   *
   * @param mask the rule
   * @param lengths valid keys
   * @param queries number of queries
   * @param keys number of keys
   * @param offset position of the first query
   */
  record Scores(AttentionMask mask, Lengths lengths, int queries, int keys, int offset)
      implements Masks {
    @Override
    public NDArray create(HostArrays host, NDManager owner) {
      int batch = lengths.batch();
      float[] scores = new float[Math.multiplyExact(Math.multiplyExact(batch, queries), keys)];
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
      for (int row = 0; row < batch; row++) {
        int valid = Math.min(lengths.at(row), keys);
        for (int query = 0; query < queries; query++) {
          int at = (row * queries + query) * keys;
          boolean seesNothing = true;
          for (int key = 0; key < valid; key++) {
            if (mask.allows(row, offset + query, key)) {
              scores[at + key] = 0;
              seesNothing = false;
            }
          }
          if (seesNothing) {
            scores[at] = 0;
          }
        }
      }
      return host.floats(owner, scores, new Shape(batch, 1, queries, keys));
    }
  }
}
