package dev.spectron.training.eval;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a model understands and answers the same undisturbed questions of the development set under
 * each {@link Disturbance}.
 *
 * @param options which questions
 * @param rows one a disturbance, {@link Disturbance#CLEAN} first
 */
public record Robustness(EvaluationOptions options, List<Row> rows) {
  /**
   * One disturbance.
   *
   * @param transcript right word for word
   * @param words word errors of the transcripts
   * @param answer right in words
   */
  public record Row(Disturbance disturbance, Share transcript, WordErrors words, Share answer) {}

  /** Copies the list. */
  public Robustness {
    rows = List.copyOf(rows);
  }

  /**
   * Measures.
   *
   * @param loop answers greedily
   * @param backend holds the model's weights; used by this thread alone
   * @param corpus with development items
   * @throws TrainingException if none of the questions drawn is undisturbed
   */
  public static Robustness measure(
      AnswerLoop loop,
      Backend backend,
      Corpus corpus,
      EvaluationOptions options,
      Evaluation.Progress progress) {
    return measure(EvaluatedModel.of(loop, backend), corpus, options, progress);
  }

  static Robustness measure(
      EvaluatedModel model,
      Corpus corpus,
      EvaluationOptions options,
      Evaluation.Progress progress) {
    List<CorpusItem> items =
        DevelopmentSample.of(corpus, options).stream()
            .filter(item -> item.condition() == Condition.CLEAN)
            .toList();
    if (items.isEmpty()) {
      throw new TrainingException(
          "robustness: expected undisturbed questions among those drawn, found none; ask for more items");
    }
    List<Row> rows = new ArrayList<>();
    int done = 0;
    for (Disturbance disturbance : Disturbance.values()) {
      int transcripts = 0;
      int answers = 0;
      WordErrors words = WordErrors.NONE;
      for (CorpusItem item : items) {
        Waveform question = new Waveform(corpus.questionSamples(item), Corpus.SAMPLE_RATE);
        Answer answer = model.answer(disturbance.apply(question, item.id().hashCode()));
        WordErrors errors = WordErrors.between(item.question(), answer.transcript());
        words = words.plus(errors);
        transcripts += errors.errors() == 0 ? 1 : 0;
        boolean right = DecisiveWords.of(item.answer(), item.shortAnswer()).in(answer.text());
        answers += right ? 1 : 0;
        progress.evaluated(++done, items.size() * Disturbance.values().length);
      }
      rows.add(
          new Row(
              disturbance,
              new Share(transcripts, items.size()),
              words,
              new Share(answers, items.size())));
    }
    return new Robustness(options, rows);
  }

  /** The figures as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The figures as a Markdown table; ends with a line break. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| disturbance | transcript exact | word error rate | answer right | to clean |\n");
    table.append("| --- | --: | --: | --: | --: |\n");
    double clean = rows.getFirst().answer.value();
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.1f | %s | %+.1f |\n",
              row.disturbance.label(),
              percent(row.transcript),
              100 * row.words.rate(),
              percent(row.answer),
              100 * (row.answer.value() - clean)));
    }
    int items = rows.getFirst().answer.total();
    return table
        + "\n%d undisturbed questions; percent, 95 %% Wilson intervals.\n".formatted(items);
  }

  private static String percent(Share share) {
    return String.format(
        Locale.ROOT,
        "%.1f (%.0f to %.0f)",
        100 * share.value(),
        100 * share.low(),
        100 * share.high());
  }
}
