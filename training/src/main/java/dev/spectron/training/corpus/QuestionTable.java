package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the domain table: a header and five tab-separated columns a line. */
public final class QuestionTable {
  private static final String MINI = "mini/questions.tsv";
  private static final String HEADER = "category\tkey\tquestion\tanswer\tshort_answer";

  private QuestionTable() {}

  /** The reviewed domain of the embedded model. */
  public static List<Question> mini() {
    return TableResource.read(MINI, HEADER, QuestionTable.once());
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
    return TableResource.parse(name, HEADER, in, QuestionTable.once());
  }

  private static TableResource.Row<Question> once() {
    Set<String> texts = new HashSet<>();
    return cells -> {
      Question question = new Question(cells[0], cells[1], cells[2], cells[3], cells[4]);
      if (!texts.add(question.questionText())) {
        throw new TrainingException("question repeated: " + question.question());
      }
      return question;
    };
  }
}
