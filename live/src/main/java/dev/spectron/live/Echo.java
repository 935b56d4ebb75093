package dev.spectron.live;

/** What the microphone hears of the loudspeaker. */
public enum Echo {
  /**
   * It hears the answer: while one sounds, and a little longer, nothing else is listened to. An
   * answer cannot be interrupted by speech.
   */
  HALF_DUPLEX,
  /**
   * It hears nothing of it, by headphones or by an echo canceller of the system: an answer can be
   * interrupted.
   */
  FULL_DUPLEX
}
