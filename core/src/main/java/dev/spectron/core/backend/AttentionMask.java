package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;

/**
 * Which keys a query may see, besides the valid ones. Positions count from the first cached frame.
 */
public sealed interface AttentionMask {
  /** Whether the query at {@code query} may see the key at {@code key} in batch row {@code row}. */
  boolean allows(int row, int query, int key);

  /** Every key, as in an encoder. */
  record Full() implements AttentionMask {
    @Override
    public boolean allows(int row, int query, int key) {
      return true;
    }
  }

  /** Keys up to the query itself, as in a decoder. */
  record Causal() implements AttentionMask {
    @Override
    public boolean allows(int row, int query, int key) {
      return key <= query;
    }
  }

  /**
   * The prefix both ways, causal after it, as in a prefix LM.
   *
   * @param prefix length of each row's prefix
   */
  record Prefix(Lengths prefix) implements AttentionMask {
    @Override
    public boolean allows(int row, int query, int key) {
      return key <= query || key < prefix.at(row);
    }
  }

  /**
   * Chunk-wise attention: a query sees its own chunk, {@code left} frames before it and {@code
   * right} frames after it.
   *
   * @param size frames of a chunk, at least 1
   * @param left frames seen before the chunk, at least 0
   * @param right frames seen after the chunk, at least 0
   */
  record Chunked(int size, int left, int right) implements AttentionMask {
    /**
     * Checks the values.
     *
     * @throws ShapeException if a size is out of range
     */
    public Chunked {
      if (size < 1 || left < 0 || right < 0) {
        throw new ShapeException(
            "chunked attention: expected size >= 1 and contexts >= 0, found size %d, left %d, right %d"
                .formatted(size, left, right));
      }
    }

    @Override
    public boolean allows(int row, int query, int key) {
      int first = query / size * size;
      return key >= first - left && key < first + size + right;
    }
  }
}
