package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.Heard;
import dev.spectron.training.eval.Words;
import java.util.List;

/** Whether the model says what it writes. */
final class AgreementSuite implements Suite {
  private static final Measure SPEECH =
      Measure.heardErrors("speech against own text, WER", EvaluatedItem::text, Heard::answer);
  private static final List<Measure> MEASURES =
      List.of(
          SPEECH,
          new Measure(
              "speech is own text, exact",
              items ->
                  Measure.share("", AgreementSuite::agrees)
                      .of()
                      .apply(items.stream().filter(item -> !item.heard().isEmpty()).toList())),
          Measure.heardErrors("reference, WER", EvaluatedItem::answer, Heard::reference),
          Measure.heardErrors("reference, vocoded, WER", EvaluatedItem::answer, Heard::vocoded));

  @Override
  public String name() {
    return "agreement";
  }

  @Override
  public String about() {
    return "The model's speech, as the recogniser hears it, against the model's own text, right or"
        + " wrong; the same of the synthesizer's speech says what the recogniser adds.";
  }

  @Override
  public boolean needsRecogniser() {
    return true;
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.heard(QuestionKind.DOMAIN);
    return Findings.of(
        this,
        List.of(
            FigureTable.byGroup(items, MEASURES),
            FigureTable.byCategory(items, List.of(SPEECH, Measure.QUESTIONS))),
        Findings.some(items, item -> !agrees(item)));
  }

  private static boolean agrees(EvaluatedItem item) {
    return Words.of(item.heard().getFirst().answer()).equals(Words.of(item.text()));
  }
}
