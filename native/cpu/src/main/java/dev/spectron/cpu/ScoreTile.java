package dev.spectron.cpu;

/**
 * The scores of a block of queries and some adjacent keys.
 *
 * @param block the queries
 * @param firstKey first key, seen by one of the queries or not
 * @param endKey one past the last key
 * @param scores {@code [count, endKey − baseKey]} and room to the next unit of columns
 */
record ScoreTile(QueryBlock block, int firstKey, int endKey, Rows scores) {
  static ScoreTile of(QueryBlock block, int firstKey, int endKey, Workspace.Buffer scores) {
    int columns = endKey - base(firstKey);
    return new ScoreTile(block, firstKey, endKey, rows(scores, block.count(), columns));
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
    return rows(buffer, block.count(), columns);
  }

  /** The first key of the tile that a query sees, or {@link #endKey()}. */
  int firstKey(int i) {
    return Math.clamp(block.firstKey(i), firstKey, endKey);
  }

  /** One past the last key of the tile that a query sees, at least {@link #firstKey(int)}. */
  int endKey(int i) {
    return Math.clamp(block.endKey(i), firstKey(i), endKey);
  }

  /** The key of the first column of the scores. */
  int baseKey() {
    return base(firstKey);
  }

  /** Where the score of a query and a key stands. */
  int at(int i, int key) {
    return scores.at(i) + key - baseKey();
  }
}
