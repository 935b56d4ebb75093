package dev.spectron.training.eval.suite;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.training.dataset.Recording;
import dev.spectron.training.eval.Disturbance;
import dev.spectron.training.eval.EvaluatedModel;
import dev.spectron.training.eval.Evaluation;
import dev.spectron.training.eval.HtmlReport;
import dev.spectron.training.eval.MatchRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Asks a model the questions of a set that others recorded, measures its transcripts and its
 * answers in words, and writes {@code report.json}, {@code report.md} and {@code report.html} into
 * the out folder. A run that was cut off goes on where it stood.
 */
public final class SetEvaluation {
  private static final int LISTENED = 24;

  private SetEvaluation() {}

  /**
   * Evaluates a model.
   *
   * @param model answers greedily
   * @param set what the report calls the recordings
   * @param recordings at least one
   * @param out folder of this run, new or of the same run before
   * @param fingerprint what is measured: {@link Fingerprint#ofSet}
   * @throws TrainingException naming file and row, if a recording cannot be read or answered, or if
   *     the out folder holds something else
   */
  public static SetReport run(
      EvaluatedModel model,
      String set,
      List<Recording> recordings,
      Path out,
      Fingerprint fingerprint,
      Evaluation.Progress progress) {
    try (RunFolder folder = RunFolder.open(out, fingerprint)) {
      List<SetReport.Item> items = new ArrayList<>();
      for (int i = 0; i < recordings.size(); i++) {
        String key = String.format(Locale.ROOT, "set-%06d", i);
        if (folder.answer(key, Disturbance.CLEAN).isEmpty()) {
          ask(model, recordings.get(i), key, folder);
        }
        items.add(item(recordings.get(i), folder.answer(key, Disturbance.CLEAN).getFirst()));
        progress.evaluated(items.size(), recordings.size());
      }
      SetReport report = SetReport.of(fingerprint, set, items);
      ReportFiles.write(
          out,
          report.json(),
          report.markdown(),
          report.page(recorded(recordings, items, folder)).html());
      return report;
    }
  }

  private static void ask(EvaluatedModel model, Recording recording, String key, RunFolder folder) {
    Answer answer;
    try {
      answer = model.answer(recording.read());
    } catch (AudioException e) {
      throw new TrainingException(recording.where() + ": " + e.getMessage(), e);
    }
    folder.add(StoredAnswer.of(key, Disturbance.CLEAN, answer, 0), answer.speech());
  }

  private static SetReport.Item item(Recording recording, StoredAnswer answer) {
    return new SetReport.Item(
        recording.id(),
        recording.text(),
        recording.answers(),
        answer.transcript(),
        answer.text(),
        MatchRule.holds(answer.text(), recording.answers()),
        String.join(" ", MatchRule.normal(recording.text())),
        String.join(" ", MatchRule.normal(answer.transcript())),
        answer.ending() == Answer.Ending.STOP,
        answer.realTimeFactor());
  }

  /** Some to listen to, wrong ones first, about half of them. */
  private static List<HtmlReport.Recorded> recorded(
      List<Recording> recordings, List<SetReport.Item> items, RunFolder folder) {
    Map<Integer, SetReport.Item> some = new LinkedHashMap<>();
    choose(items, false, LISTENED / 2, some);
    choose(items, true, LISTENED, some);
    choose(items, false, LISTENED, some);
    List<HtmlReport.Recorded> recorded = new ArrayList<>();
    some.forEach(
        (index, item) -> {
          Waveform answer = folder.speech(String.format(Locale.ROOT, "set-%06d", index));
          recorded.add(
              new HtmlReport.Recorded(
                  item.id(),
                  item.text().isEmpty() ? item.id() : item.text(),
                  recordings.get(index).read(),
                  item.transcript(),
                  item.answer(),
                  answer,
                  "",
                  item.fits()));
        });
    return recorded;
  }

  private static void choose(
      List<SetReport.Item> items, boolean fitting, int most, Map<Integer, SetReport.Item> into) {
    for (int i = 0; i < items.size() && into.size() < most; i++) {
      if (items.get(i).fits() == fitting) {
        into.putIfAbsent(i, items.get(i));
      }
    }
  }
}
