package dev.spectron.training.data;

import dev.spectron.core.tensor.Tokens;
import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.OutsideQuestions;
import dev.spectron.training.corpus.Paraphrases;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import dev.spectron.training.corpus.Split;
import java.util.List;
import java.util.stream.Stream;

/**
 * Written questions and answers for the language model alone: the domain in all wordings, questions
 * from outside of it, and all of arithmetic; held-out questions are left out.
 */
public final class TextData {
  private final List<Question> domain;
  private final List<Question> arithmetic;
  private final BatchSchedule domainSchedule;
  private final BatchSchedule arithmeticSchedule;
  private final TextLayout layout;

  /**
   * Data for batches of {@code batchSize}, half of them arithmetic.
   *
   * @param batchSize at least 2
   */
  public TextData(TextLayout layout, int batchSize, long seed) {
    this.layout = layout;
    List<Question> table = QuestionTable.mini().stream().filter(q -> !Split.isHeldOut(q)).toList();
    this.domain =
        Stream.of(table, Paraphrases.training(table), OutsideQuestions.training())
            .flatMap(List::stream)
            .toList();
    this.arithmetic = ArithmeticTexts.training();
    this.domainSchedule = schedule(domain, batchSize - batchSize / 2, seed);
    this.arithmeticSchedule = schedule(arithmetic, batchSize / 2, seed + 1);
  }

  /** Batch number {@code index}. */
  public Tokens batch(long index) {
    return Tokens.ofRows(
        Stream.concat(
                domainSchedule.batch(index).stream().map(domain::get),
                arithmeticSchedule.batch(index).stream().map(arithmetic::get))
            .map(q -> layout.tokens(q.questionText(), q.answerText()))
            .toList());
  }

  private static BatchSchedule schedule(List<Question> questions, int batchSize, long seed) {
    return BatchSchedule.of(
        questions,
        Balance.ofCategories(questions, Question::category, Question::questionText),
        q -> q.question().length() + q.answer().length(),
        batchSize,
        seed);
  }
}
