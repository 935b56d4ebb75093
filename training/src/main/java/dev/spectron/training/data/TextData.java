package dev.spectron.training.data;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.OutsideQuestions;
import dev.spectron.training.corpus.Paraphrases;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import dev.spectron.training.corpus.Sentences;
import dev.spectron.training.corpus.Split;
import java.util.List;
import java.util.stream.Stream;

/**
 * Text for the language model alone. With an answer token: questions and answers of the domain in
 * all wordings and from outside of it, and arithmetic, or some kinds of them. Without: sentences.
 * Held-out ones are left out.
 */
public final class TextData {
  private final List<Source> sources;
  private final TextLayout layout;

  /** Texts of one kind and the order they come in. */
  private record Source(List<Written> texts, BatchSchedule schedule) {
    /** One source, or none of no texts. */
    static List<Source> of(List<Written> texts, int batchSize, long seed) {
      if (texts.isEmpty()) {
        return List.of();
      }
      BatchSchedule schedule =
          BatchSchedule.of(
              texts,
              Balance.ofCategories(texts, Written::category, Written::text),
              written -> written.text.length() + written.answer.length(),
              batchSize,
              seed);
      return List.of(new Source(texts, schedule));
    }

    Stream<Written> batch(long index) {
      return schedule.batch(index).stream().map(texts::get);
    }
  }

  private record Written(String category, String text, String answer) {
    static Written of(Question question) {
      return new Written(question.category(), question.questionText(), question.answerText());
    }
  }

  /**
   * Data for batches of {@code batchSize}, half of them arithmetic if there is any.
   *
   * @param categories kinds of questions; empty for all
   * @param batchSize at least 2
   */
  public TextData(TextLayout layout, List<String> categories, int batchSize, long seed) {
    this.layout = layout;
    List<Written> domain = layout.hasAnswers() ? of(domain(), categories) : sentences();
    List<Written> arithmetic =
        layout.hasAnswers() ? of(ArithmeticTexts.training(), categories) : List.of();
    if (domain.isEmpty() && arithmetic.isEmpty()) {
      throw new TrainingException(
          "recipe: categories: expected kinds of questions of the domain, found " + categories);
    }
    int sums = arithmetic.isEmpty() ? 0 : domain.isEmpty() ? batchSize : batchSize / 2;
    this.sources =
        Stream.of(Source.of(domain, batchSize - sums, seed), Source.of(arithmetic, sums, seed + 1))
            .flatMap(List::stream)
            .toList();
  }

  /** One rank's rows of batch number {@code index}. */
  public TextBatch batch(long index, Part part) {
    List<int[]> rows =
        sources.stream()
            .flatMap(source -> source.batch(index))
            .map(written -> layout.tokens(written.text, written.answer))
            .toList();
    long targets = rows.stream().mapToLong(TextBatch::targets).sum();
    return new TextBatch(Tokens.ofRows(part.of(rows)), targets);
  }

  private static List<Question> domain() {
    List<Question> table = QuestionTable.mini().stream().filter(q -> !Split.isHeldOut(q)).toList();
    return Stream.of(table, Paraphrases.training(table), OutsideQuestions.training())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Written> of(List<Question> questions, List<String> categories) {
    return questions.stream()
        .filter(q -> categories.isEmpty() || categories.contains(q.category()))
        .map(Written::of)
        .toList();
  }

  private static List<Written> sentences() {
    return Sentences.training().stream()
        .map(sentence -> new Written(Sentences.CATEGORY, sentence, ""))
        .toList();
  }
}
