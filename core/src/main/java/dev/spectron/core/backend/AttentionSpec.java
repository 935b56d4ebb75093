package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;

/**
 * Sizes and mask of one attention call.
 *
 * @param nHeads query heads
 * @param nKvHeads key and value heads; divides {@code nHeads} (1: multi-query, equal: multi-head)
 * @param headDim channels of a head
 * @param scale factor on the scores, usually 1 / sqrt(headDim)
 * @param mask which keys a query may see
 */
public record AttentionSpec(
    int nHeads, int nKvHeads, int headDim, float scale, AttentionMask mask) {
  /**
   * Checks the values.
   *
   * @throws ShapeException if a size is below 1 or {@code nKvHeads} does not divide {@code nHeads}
   */
  public AttentionSpec {
    if (nHeads < 1 || nKvHeads < 1 || headDim < 1 || nHeads % nKvHeads != 0) {
      throw new ShapeException(
          "attention: expected n_kv_heads to divide n_heads, found n_heads %d, n_kv_heads %d, head_dim %d"
              .formatted(nHeads, nKvHeads, headDim));
    }
    if ((long) nHeads * headDim > Integer.MAX_VALUE) {
      throw new ShapeException(
          "attention: n_heads %d times head_dim %d overflows".formatted(nHeads, headDim));
    }
  }

  /** Channels of the queries: nHeads·headDim. */
  public int channels() {
    return nHeads * headDim;
  }

  /** Channels of the keys and of the values: nKvHeads·headDim. */
  public int kvChannels() {
    return nKvHeads * headDim;
  }

  /** The usual scale 1 / sqrt(headDim). */
  public static AttentionSpec of(int nHeads, int nKvHeads, int headDim, AttentionMask mask) {
    return new AttentionSpec(nHeads, nKvHeads, headDim, (float) (1 / Math.sqrt(headDim)), mask);
  }
}
