package dev.spectron.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of words, the first of them the head, as text. */
public final class TextTable {
  private TextTable() {}

  /** Aligned columns for a terminal, the first to the left; ends with a line break. */
  public static String aligned(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(row.getFirst());
      line.repeat(' ', widths[0] - row.getFirst().length());
      for (int column = 1; column < columns; column++) {
        line.repeat(' ', 2 + widths[column] - row.get(column).length()).append(row.get(column));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** A Markdown table; ends with a line break. */
  public static String piped(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add("| " + String.join(" | ", row) + " |");
    }
    String rule =
        rows.getFirst().stream().skip(1).map(_ -> "--:").collect(Collectors.joining(" | "));
    lines.add(1, "| --- | " + rule + " |");
    return String.join("\n", lines) + "\n";
  }
}
