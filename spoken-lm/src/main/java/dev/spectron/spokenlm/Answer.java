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
 */
public record Answer(
    String transcript,
    String text,
    LogMel logMel,
    Waveform speech,
    StageTimings timings,
    Ending ending) {
  /** Why the frames of an answer ended. */
  public enum Ending {
    /** The stop probability rose above one half. */
    STOP,
    /** {@code max_speech_frames} were written. */
    FRAME_LIMIT
  }
}
