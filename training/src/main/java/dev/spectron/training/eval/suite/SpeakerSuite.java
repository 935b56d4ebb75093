package dev.spectron.training.eval.suite;

import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.speaker.SpeakerEmbedder;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * Whose voice the model answers in.
 *
 * @param embedder knows voices
 */
record SpeakerSuite(SpeakerEmbedder embedder) implements Suite {
  @Override
  public String name() {
    return "speaker";
  }

  @Override
  public String about() {
    return "Cosine similarity of the voices of answer and question: 1 would be the voice that asks."
        + " A model that answers in one voice is told by the reference, which does too, and by the"
        + " control, which takes another's question.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    run.items(QuestionKind.DOMAIN);
    List<CorpusItem> items = run.questions(QuestionKind.DOMAIN);
    List<FigureTable.Row> rows =
        List.of(
            row("answer, question", items, (item, _) -> of(run.speech(item), run.question(item))),
            row(
                "reference, question",
                items,
                (item, _) -> of(run.reference(item), run.question(item))),
            row(
                "control: answer, another's question",
                items,
                (item, next) -> of(run.speech(item), run.question(next))));
    return Findings.of(
        this, List.of(new FigureTable("voices", List.of("cosine"), rows, true)), List.of());
  }

  private double of(Waveform answer, Waveform question) {
    return embedder.similarity(answer, question);
  }

  private static FigureTable.Row row(
      String name, List<CorpusItem> items, ToDoubleBiFunction<CorpusItem, CorpusItem> similarity) {
    double[] values = new double[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = similarity.applyAsDouble(items.get(i), items.get((i + 1) % values.length));
    }
    return new FigureTable.Row(name, List.of(Figure.mean(values, 1, Figure.Unit.NUMBER)));
  }
}
