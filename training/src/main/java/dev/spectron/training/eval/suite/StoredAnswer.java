package dev.spectron.training.eval.suite;

import dev.spectron.core.error.TrainingException;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.StageTimings;
import dev.spectron.training.eval.Disturbance;
import java.util.regex.Pattern;

/**
 * What a model made of one question: a line of {@code answers.jsonl}.
 *
 * @param item id of the question
 * @param disturbance of its sound
 * @param transcript what the model heard
 * @param text what it answered
 * @param ending why its speech ended
 * @param seconds duration of its speech
 * @param logMelDistance of its frames to the reference's, nats a value; 0 under a disturbance
 * @param timings of the stages, milliseconds
 */
record StoredAnswer(
    String item,
    Disturbance disturbance,
    String transcript,
    String text,
    Answer.Ending ending,
    double seconds,
    double logMelDistance,
    StageTimings timings) {
  private static final Pattern ID = Pattern.compile("[a-z]+-[0-9]{6}");

  /**
   * Checks the id, which names a file.
   *
   * @throws TrainingException if it is none
   */
  StoredAnswer {
    if (!ID.matcher(item).matches()) {
      throw new TrainingException(
          "stored answer: item: expected letters, hyphen, six digits, found " + item);
    }
  }

  /**
   * What is stored of an answer.
   *
   * @param logMelDistance of its frames to the reference's; 0 where there is none
   */
  static StoredAnswer of(
      String item, Disturbance disturbance, Answer answer, double logMelDistance) {
    return new StoredAnswer(
        item,
        disturbance,
        answer.transcript(),
        answer.text(),
        answer.ending(),
        answer.speech().seconds(),
        logMelDistance,
        answer.timings());
  }

  /** Time of the whole answer over the duration of its speech; 0 without speech. */
  double realTimeFactor() {
    return seconds > 0 ? timings.total() / 1000 / seconds : 0;
  }
}
