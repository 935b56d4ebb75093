package dev.spectron.sdk;

/** The stages of an answer, in order. */
public enum Stage {
  /** The question's log-mel spectrogram. */
  FEATURES,
  /** The speech encoder. */
  ENCODE,
  /** The language model over what was heard. */
  PREFILL,
  /** Transcript and answer text. */
  TEXT,
  /** The answer's spectrogram. */
  FRAMES,
  /** Spectrogram to sound; takes turns with the frames. */
  VOCODER
}
