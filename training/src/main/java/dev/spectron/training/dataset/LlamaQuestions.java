package dev.spectron.training.dataset;

import dev.spectron.core.bundle.TextLines;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Questions as google-research-datasets/LLAMA1-Test-Set has them: a table of tab-separated columns
 * with a header line, and the WAV files it names beside it.
 */
final class LlamaQuestions {
  private static final String QUESTION = "Questions";
  private static final String ANSWER = "Answer";
  private static final String FILE = "Wav Filename";

  private LlamaQuestions() {}

  /** Places of the columns. */
  private record Columns(int question, int answer, int file, int count) {}

  /**
   * Reads the table.
   *
   * @param path of the table, or of the folder that holds it and no other
   */
  static List<Recording> read(Path path) {
    Path table = Files.isDirectory(path) ? table(path) : path;
    List<Columns> header = new ArrayList<>();
    List<Recording> recordings = new ArrayList<>();
    TextLines.read(
        table,
        (where, number, line) -> {
          List<String> cells = Arrays.stream(line.split("\t", -1)).map(String::strip).toList();
          if (header.isEmpty()) {
            header.add(columns(where, cells));
          } else {
            recordings.add(recording(where, number, table, header.getFirst(), cells));
          }
        });
    return recordings;
  }

  private static Columns columns(String where, List<String> cells) {
    Columns columns =
        new Columns(
            cells.indexOf(QUESTION), cells.indexOf(ANSWER), cells.indexOf(FILE), cells.size());
    if (columns.question < 0 || columns.answer < 0 || columns.file < 0) {
      throw new TrainingException(
          "%s: expected the columns %s, %s and %s, separated by tabs, found %s"
              .formatted(where, QUESTION, ANSWER, FILE, cells));
    }
    return columns;
  }

  private static Recording recording(
      String where, int number, Path table, Columns columns, List<String> cells) {
    if (cells.size() != columns.count) {
      throw new TrainingException(
          "%s: expected %d columns, found %d".formatted(where, columns.count, cells.size()));
    }
    String file = cells.get(columns.file);
    Path audio = ManifestPath.beside(table, where, file);
    return Recording.whole(
        where,
        "line-" + number,
        audio,
        cells.get(columns.question),
        List.of(cells.get(columns.answer)));
  }

  private static Path table(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> tables = files.filter(file -> file.toString().endsWith(".tsv")).sorted().toList();
      if (tables.size() != 1) {
        throw new TrainingException(
            "%s: expected one .tsv table, found %d; name the table itself"
                .formatted(folder, tables.size()));
      }
      return tables.getFirst();
    } catch (IOException e) {
      throw new TrainingException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
  }
}
