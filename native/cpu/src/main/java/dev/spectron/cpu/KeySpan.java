package dev.spectron.cpu;

import dev.spectron.core.backend.AttentionMask;

/**
 * The keys that a query of one batch row may see: under every mask they are a run, whose ends do
 * not move back from one query to the next.
 *
 * @param mask which keys may be seen
 * @param row batch row
 * @param nKeys keys there are
 */
record KeySpan(AttentionMask mask, int row, int nKeys) {
  /** The first key that the query at position {@code query} sees. */
  int first(int query) {
    return mask instanceof AttentionMask.Chunked chunked
        ? Math.max(0, query / chunked.size() * chunked.size() - chunked.left())
        : 0;
  }

  /** One past the last key that it sees. */
  int end(int query) {
    long end =
        switch (mask) {
          case AttentionMask.Full _ -> nKeys;
          case AttentionMask.Causal _ -> query + 1L;
          case AttentionMask.Prefix prefix -> Math.max(query + 1L, prefix.prefix().at(row));
          case AttentionMask.Chunked chunked ->
              (long) query / chunked.size() * chunked.size() + chunked.size() + chunked.right();
        };
    return (int) Math.min(nKeys, end);
  }

  /**
   * How far a query sees under a mask, whatever its position.
   *
   * @param back largest distance from a query back to a key that it sees
   * @param ahead largest distance from a query on to one
   */
  record Reach(int back, int ahead) {
    static Reach of(AttentionMask mask) {
      return switch (mask) {
        case AttentionMask.Full _, AttentionMask.Prefix _ ->
            new Reach(Integer.MAX_VALUE, Integer.MAX_VALUE);
        case AttentionMask.Causal _ -> new Reach(Integer.MAX_VALUE, 0);
        case AttentionMask.Chunked chunked ->
            new Reach(
                distance(chunked.size(), chunked.left()),
                distance(chunked.size(), chunked.right()));
      };
    }

    private static int distance(int size, int context) {
      return Math.clamp(size - 1L + context, 0, Integer.MAX_VALUE);
    }
  }
}
