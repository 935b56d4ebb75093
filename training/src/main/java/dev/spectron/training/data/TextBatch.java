package dev.spectron.training.data;

import dev.spectron.core.tensor.Tokens;

/**
 * Rows of text.
 *
 * @param tokens of this rank's rows
 * @param targets tokens that are predicted, over all ranks
 */
public record TextBatch(Tokens tokens, long targets) {
  /** Tokens of a row that are predicted: all but the first. */
  static long targets(int[] row) {
    return row.length - 1L;
  }
}
