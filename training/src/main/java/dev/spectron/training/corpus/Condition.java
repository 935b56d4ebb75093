package dev.spectron.training.corpus;

import java.util.Locale;

/** What happened to a clip between the speaker and the microphone. */
public enum Condition {
  /** Nothing. */
  CLEAN,
  /** Coloured noise, 15 to 30 dB below the speech. */
  NOISE,
  /** Coloured noise, 8 to 15 dB below the speech. */
  HEAVY_NOISE,
  /** The response of a small room. */
  ROOM,
  /** A telephone band: what an 8 kHz line lets through. */
  BAND,
  /** Amplified beyond full scale. */
  CLIPPED;

  /** Name in manifests. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
