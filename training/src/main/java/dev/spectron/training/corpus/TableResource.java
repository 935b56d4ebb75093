package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A table of the domain: a header and tab-separated columns, UTF-8, at most 16 MiB. */
final class TableResource {
  private static final int MAX_BYTES = 16 << 20;

  private TableResource() {}

  /** Makes a row's object. */
  @FunctionalInterface
  interface Row<T> {
    /**
     * Reads one line.
     *
     * @throws TrainingException if a cell is malformed; the caller adds the line
     */
    T of(String[] cells);
  }

  /** The rows of a table beside the classes. */
  static <T> List<T> read(String name, String header, Row<T> row) {
    try (InputStream in = TableResource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new TrainingException(
            name + ": expected it beside the classes, found nothing; rebuild training");
      }
      return parse(name, header, in, row);
    } catch (IOException e) {
      throw new TrainingException(name + " cannot be read", e);
    }
  }

  /**
   * The rows of a table.
   *
   * @param name name for messages
   * @param in not closed
   * @return at least one, in file order
   * @throws TrainingException naming the line, if the table is malformed
   */
  static <T> List<T> parse(String name, String header, InputStream in, Row<T> row)
      throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new TrainingException(
          name + ": expected at most " + MAX_BYTES + " bytes, found more; split the table");
    }
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() < 2 || !lines.getFirst().equals(header)) {
      throw new TrainingException(
          name + ": line 1: expected the header \"" + header + "\" and at least one row");
    }
    int columns = header.split("\t", -1).length;
    List<T> rows = new ArrayList<>(lines.size() - 1);
    for (int i = 1; i < lines.size(); i++) {
      String where = name + ": line " + (i + 1);
      String[] cells = lines.get(i).split("\t", -1);
      if (cells.length != columns) {
        throw new TrainingException(
            where + ": expected " + columns + " tab-separated columns, found " + cells.length);
      }
      try {
        rows.add(row.of(cells));
      } catch (TrainingException e) {
        throw new TrainingException(where + ": " + e.getMessage(), e);
      }
    }
    return List.copyOf(rows);
  }
}
