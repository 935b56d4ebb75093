package dev.spectron.spokenlm;

import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;

/**
 * What one decoding pass made of a question.
 *
 * @param transcript what the model heard; empty where the bundle has no {@code <answer>} token to
 *     tell it apart
 * @param text the answer in words; all text where the bundle has no {@code <answer>} token
 * @param logMel the answer's log-mel spectrogram, raw
 * @param speech the answer's sound
 * @param timings how long each stage took
 * @param ending why the frames ended
 * @param context how much of the dialogue before it was heard
 */
public record Answer(
    String transcript,
    String text,
    LogMel logMel,
    Waveform speech,
    StageTimings timings,
    Ending ending,
    Context context) {
  /** Of a question with no turn before it. */
  public Answer(
      String transcript,
      String text,
      LogMel logMel,
      Waveform speech,
      StageTimings timings,
      Ending ending) {
    this(transcript, text, logMel, speech, timings, ending, new Context(0, 0));
  }

  /**
   * Of the turns that came with a question.
   *
   * @param turns the latest, which the model heard
   * @param dropped those before them, which did not fit; all of them for a model that hears none
   */
  public record Context(int turns, int dropped) {}

  /** Why the frames of an answer ended. */
  public enum Ending {
    /** The stop probability rose above one half. */
    STOP,
    /** {@code max_speech_frames} were written. */
    FRAME_LIMIT
  }
}
