package dev.spectron.cpu;

/**
 * Some queries that one thread takes together: adjacent frames of one head, or in a decoding step,
 * where there is one frame, the heads that share a key head.
 *
 * @param span keys that each query sees
 * @param head first head
 * @param firstQuery position of the first query
 * @param step positions from one query to the next: 1, or 0 if the queries differ in head
 * @param count queries
 */
record QueryBlock(KeySpan span, int head, int firstQuery, int step, int count) {
  /** Position of a query. */
  int query(int i) {
    return firstQuery + i * step;
  }

  /** The first key that a query sees. */
  int firstKey(int i) {
    return span.first(query(i));
  }

  /** One past the last key that it sees. */
  int endKey(int i) {
    return span.end(query(i));
  }

  /** The first key that any query sees. */
  int firstKey() {
    return firstKey(0);
  }

  /** One past the last key that any query sees. */
  int endKey() {
    return endKey(count - 1);
  }
}
