package dev.spectron.spokenlm;

/** The stages of an answer, in order. */
public enum AnswerStage {
  /** Resampling and log-mel spectrogram of the question. */
  FEATURES,
  /** Conformer and projection. */
  ENCODE,
  /** The decoder over the prefix. */
  PREFILL,
  /** Transcript and answer text. */
  TEXT,
  /** The answer's frames. */
  FRAMES,
  /** Frames to sound. */
  VOCODER
}
