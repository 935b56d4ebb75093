package dev.spectron.live;

import dev.spectron.sdk.AnswerEvent;
import dev.spectron.sdk.Speech;

/** What happens in a session, in order. Immutable. */
public sealed interface LiveEvent {
  /** When, seconds of sound that were heard before. */
  double at();

  /** Somebody seems to speak; an answer that sounds gets quieter. */
  record SpeechBegan(double at) implements LiveEvent {}

  /**
   * It was too short to be speech; the answer has its loudness again.
   *
   * @param seconds how long it was
   */
  record NoiseIgnored(double at, double seconds) implements LiveEvent {}

  /** It is speech for certain. */
  record SpeechConfirmed(double at) implements LiveEvent {}

  /**
   * The answer was given up because somebody spoke.
   *
   * @param playedSeconds how much of it was heard
   */
  record Interrupted(double at, double playedSeconds) implements LiveEvent {}

  /**
   * A question is over and goes to the model.
   *
   * @param question with the pre-roll before it
   */
  record Asked(double at, Speech question) implements LiveEvent {}

  /**
   * News of the answer.
   *
   * @param news as the SDK tells it
   */
  record Answering(double at, AnswerEvent news) implements LiveEvent {}

  /** The first sample of the answer goes to the loudspeaker. */
  record PlaybackBegan(double at) implements LiveEvent {}

  /**
   * The last sample of the answer was played.
   *
   * @param seconds how long the answer was
   * @param gaps how often the model was too slow and the loudspeaker ran dry
   */
  record PlaybackFinished(double at, double seconds, int gaps) implements LiveEvent {}

  /**
   * There is no answer, or no more of it; the session goes on.
   *
   * @param code stable name, such as {@code question.too_long}
   * @param message where, what was found, what to do
   */
  record AnswerFailed(double at, String code, String message) implements LiveEvent {}
}
