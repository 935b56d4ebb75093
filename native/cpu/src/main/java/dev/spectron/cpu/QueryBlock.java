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
 * @param scores {@code [count, endKey − baseKey]} and room to the next unit of columns
 */
record QueryBlock(KeySpan span, int head, int firstQuery, int step, int count, Rows scores) {
  static QueryBlock of(
      KeySpan span, int head, int firstQuery, int step, int count, Workspace.Buffer scores) {
    int last = firstQuery + (count - 1) * step;
    int base = base(span.first(firstQuery));
    Rows rows = rows(scores, count, span.end(last) - base);
    return new QueryBlock(span, head, firstQuery, step, count, rows);
  }

  private static int base(int key) {
    return key / PanelProduct.COLUMN_UNIT * PanelProduct.COLUMN_UNIT;
  }

  private static Rows rows(Workspace.Buffer buffer, int count, int columns) {
    int stride = Math.ceilDiv(columns, PanelProduct.COLUMN_UNIT) * PanelProduct.COLUMN_UNIT;
    return new Rows(buffer.of(Math.multiplyExact(count, stride)), 0, stride, count);
  }

  /** A row of at least {@code columns} for each query, whole units of columns long. */
  Rows rows(Workspace.Buffer buffer, int columns) {
    return rows(buffer, count, columns);
  }

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

  /** The key of the first column of the scores. */
  int baseKey() {
    return base(firstKey());
  }

  /** Where the score of a query and a key stands. */
  int at(int i, int key) {
    return scores.at(i) + key - baseKey();
  }

  /** Sets the scores of the keys that a query sees. */
  void copyTerms(int i, float[] terms, int from) {
    System.arraycopy(terms, from, scores.data(), at(i, firstKey(i)), endKey(i) - firstKey(i));
  }
}
