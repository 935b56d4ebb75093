package dev.spectron.training.eval.suite;

import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.CorpusItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How near the sound of the model's speech is to that of the reference. */
final class NaturalnessSuite implements Suite {
  private static final int LEAST_ANSWERS = 2;

  @Override
  public String name() {
    return "naturalness";
  }

  @Override
  public String about() {
    return "A proxy, not an opinion of listeners: the Fréchet distance (in the spirit of Kilgour et"
        + " al. 2019, arXiv 1812.08466, with mel-cepstra and their deltas in place of learnt"
        + " features) between all frames of the model's speech and of the reference speech, each"
        + " taken as one Gaussian. It sees timbre, noise and how fast sounds change, not rhythm,"
        + " words or melody. The model and the vocoder say the reference's own sentences, or nearly;"
        + " two halves of the reference say different ones, each with half as many clips, which alone"
        + " makes a distance. No interval: resampling would be biased upwards.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<CorpusItem> items = distinctAnswers(run.questions(QuestionKind.DOMAIN));
    if (items.size() < LEAST_ANSWERS) {
      return Findings.none(this, "expected two different answers, found " + items.size());
    }
    run.items(QuestionKind.DOMAIN);
    SpeechMoments model = new SpeechMoments();
    SpeechMoments vocoded = new SpeechMoments();
    SpeechMoments questions = new SpeechMoments();
    SpeechMoments reference = new SpeechMoments();
    List<SpeechMoments> halves = List.of(new SpeechMoments(), new SpeechMoments());
    for (int i = 0; i < items.size(); i++) {
      CorpusItem item = items.get(i);
      Waveform speech = run.reference(item);
      model.add(run.speech(item));
      vocoded.add(run.vocoded(item));
      questions.add(run.question(item));
      reference.add(speech);
      halves.get(i % 2).add(speech);
    }
    List<FigureTable.Row> rows = new ArrayList<>();
    rows.add(row("model's speech", model, reference, items.size()));
    rows.add(row("ceiling: reference, vocoded", vocoded, reference, items.size()));
    rows.add(
        row(
            "scale: half of the reference, other half",
            halves.get(0),
            halves.get(1),
            items.size()));
    rows.add(row("control: the questions' voices", questions, reference, items.size()));
    FigureTable table =
        new FigureTable("against the reference", List.of("Fréchet distance, dB²"), rows, true);
    return Findings.of(this, List.of(table), List.of());
  }

  private static FigureTable.Row row(
      String name, SpeechMoments speech, SpeechMoments reference, int clips) {
    return new FigureTable.Row(
        name, List.of(Figure.plain(speech.distance(reference), clips, Figure.Unit.NUMBER)));
  }

  /** Equal answers share their sound, which must not be in both halves. */
  private static List<CorpusItem> distinctAnswers(List<CorpusItem> items) {
    Set<String> answers = new HashSet<>();
    return items.stream().filter(item -> answers.add(item.answer())).toList();
  }
}
