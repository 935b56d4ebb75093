package dev.spectron.training.eval;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.AnswerOptions;
import dev.spectron.training.dataset.Recording;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a model the questions of a set that others recorded, and measures its transcripts and its
 * answers in words.
 */
public final class SetEvaluation {
  private SetEvaluation() {}

  /**
   * Evaluates a model.
   *
   * @param loop answers greedily
   * @param backend holds the model's weights; used by this thread alone
   * @param set what the report calls the recordings
   * @param recordings at least one
   * @throws TrainingException naming file and row, if a recording cannot be read or answered
   */
  public static SetReport run(
      AnswerLoop loop,
      Backend backend,
      String set,
      List<Recording> recordings,
      Evaluation.Progress progress) {
    List<SetReport.Item> items = new ArrayList<>();
    for (Recording recording : recordings) {
      items.add(ask(loop, backend, recording));
      progress.evaluated(items.size(), recordings.size());
    }
    return SetReport.of(set, backend.name(), items);
  }

  private static SetReport.Item ask(AnswerLoop loop, Backend backend, Recording recording) {
    Answer answer;
    try {
      answer = loop.answer(backend, recording.read(), AnswerOptions.standard());
    } catch (AudioException e) {
      throw new TrainingException(recording.where() + ": " + e.getMessage(), e);
    }
    double seconds = answer.speech().seconds();
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
        seconds > 0 ? answer.timings().total() / 1000 / seconds : 0);
  }
}
