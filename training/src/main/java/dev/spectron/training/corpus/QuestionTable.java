package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the domain table: a header and five tab-separated columns a line. */
public final class QuestionTable {
  private static final String HEADER = "category\tkey\tquestion\tanswer\tshort_answer";
  private static final int MAX_BYTES = 16 << 20;

  private QuestionTable() {}

  /** The reviewed domain of the embedded model. */
  public static List<Question> mini() {
    try (InputStream in = QuestionTable.class.getResourceAsStream("mini/questions.tsv")) {
      if (in == null) {
        throw new TrainingException(
            "mini/questions.tsv: expected it beside the classes, found nothing; rebuild training");
      }
      return parse("mini/questions.tsv", in);
    } catch (IOException e) {
      throw new TrainingException("mini/questions.tsv cannot be read", e);
    }
  }

  /**
   * Reads a table.
   *
   * @param name name for messages
   * @param in UTF-8, at most 16 MiB; not closed
   * @return the rows in file order, at least one, no question twice
   * @throws TrainingException naming the line, if a row is malformed or repeated
   */
  public static List<Question> parse(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new TrainingException(
          name + ": expected at most " + MAX_BYTES + " bytes, found more; split the table");
    }
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() < 2 || !lines.getFirst().equals(HEADER)) {
      throw new TrainingException(
          name + ": line 1: expected the header \"" + HEADER + "\" and at least one row");
    }
    List<Question> questions = new ArrayList<>(lines.size() - 1);
    Set<String> texts = new HashSet<>();
    for (int i = 1; i < lines.size(); i++) {
      Question question = row(name + ": line " + (i + 1), lines.get(i));
      if (!texts.add(question.questionText())) {
        throw new TrainingException(
            name + ": line " + (i + 1) + ": question repeated: " + question.question());
      }
      questions.add(question);
    }
    return List.copyOf(questions);
  }

  private static Question row(String where, String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != 5) {
      throw new TrainingException(
          where + ": expected 5 tab-separated columns, found " + cells.length);
    }
    try {
      return new Question(cells[0], cells[1], cells[2], cells[3], cells[4]);
    } catch (TrainingException e) {
      throw new TrainingException(where + ": " + e.getMessage(), e);
    }
  }
}
