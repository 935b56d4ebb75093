package dev.spectron.training.data;

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
 * Text for the language model alone. With an answer token: questions and answers, half of them of
 * the domain in all wordings and from outside of it, half of them arithmetic. Without: sentences.
 * Held-out ones are left out.
 */
public final class TextData {
  private final List<Source> sources;
  private final TextLayout layout;

  /** Texts of one kind and the order they come in. */
  private record Source(List<Written> texts, BatchSchedule schedule) {
    static Source of(List<Written> texts, int batchSize, long seed) {
      BatchSchedule schedule =
          BatchSchedule.of(
              texts,
              Balance.ofCategories(texts, Written::category, Written::text),
              written -> written.text.length() + written.answer.length(),
              batchSize,
              seed);
      return new Source(texts, schedule);
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
   * Data for batches of {@code batchSize}.
   *
   * @param batchSize at least 2
   */
  public TextData(TextLayout layout, int batchSize, long seed) {
    this.layout = layout;
    this.sources =
        layout.hasAnswers()
            ? List.of(
                Source.of(domain(), batchSize - batchSize / 2, seed),
                Source.of(
                    ArithmeticTexts.training().stream().map(Written::of).toList(),
                    batchSize / 2,
                    seed + 1))
            : List.of(Source.of(sentences(), batchSize, seed));
  }

  /** Batch number {@code index}. */
  public Tokens batch(long index) {
    return Tokens.ofRows(
        sources.stream()
            .flatMap(source -> source.batch(index))
            .map(written -> layout.tokens(written.text, written.answer))
            .toList());
  }

  private static List<Written> domain() {
    List<Question> table = QuestionTable.mini().stream().filter(q -> !Split.isHeldOut(q)).toList();
    return Stream.of(table, Paraphrases.training(table), OutsideQuestions.training())
        .flatMap(List::stream)
        .map(Written::of)
        .toList();
  }

  private static List<Written> sentences() {
    return Sentences.training().stream()
        .map(sentence -> new Written(Sentences.CATEGORY, sentence, ""))
        .toList();
  }
}
