package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.Figures;
import dev.spectron.training.eval.SpokenFigures;
import java.util.ArrayList;
import java.util.List;

/** Right answers in words and in speech. */
final class QaSuite implements Suite {
  private static final Measure MOST_FREQUENT =
      Measure.figures("baseline: most frequent answer", Figures::mostFrequent);
  private static final List<Measure> TEXT =
      List.of(
          Measure.QUESTIONS,
          Measure.ANSWER_RIGHT,
          Measure.figures("answer text exact", Figures::sentence),
          MOST_FREQUENT);
  private static final Measure CASCADE =
      Measure.spoken("baseline: cascade", SpokenFigures::cascade);
  private static final Measure SPOKEN =
      Measure.spoken("spoken answer right", SpokenFigures::answer);
  private static final Measure REFERENCE =
      Measure.spoken("ceiling: reference speech", SpokenFigures::reference);
  private static final Measure VOCODED =
      Measure.spoken("ceiling: reference, vocoded", SpokenFigures::vocoded);
  private static final List<Measure> SPEECH =
      List.of(
          CASCADE,
          SPOKEN,
          REFERENCE,
          VOCODED,
          Measure.spoken("control: another's reference", SpokenFigures::mismatched),
          Measure.spoken("control: text is wrong", SpokenFigures::despiteText));

  @Override
  public String name() {
    return "qa";
  }

  @Override
  public String about() {
    return "Answers that hold the words that decide, in the model's text and in its speech as the"
        + " recogniser hears it. Ceilings are the synthesizer's rendering of the right answers; the"
        + " cascade looks up what the recogniser hears in the question; the controls should be"
        + " small.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.heard(QuestionKind.DOMAIN);
    List<Measure> measures = new ArrayList<>(TEXT);
    List<Measure> columns =
        new ArrayList<>(List.of(Measure.ANSWER_RIGHT, Measure.QUESTIONS, MOST_FREQUENT));
    if (run.judged()) {
      measures.addAll(SPEECH);
      columns.addAll(List.of(SPOKEN, REFERENCE, VOCODED, CASCADE));
    }
    return Findings.of(
        this,
        List.of(FigureTable.byGroup(items, measures), FigureTable.byCategory(items, columns)),
        Findings.some(items, item -> !item.textRight()));
  }
}
