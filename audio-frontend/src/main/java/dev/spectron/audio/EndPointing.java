package dev.spectron.audio;

/**
 * What counts as an utterance.
 *
 * @param threshold score of {@link VoiceDetector} above which a frame is speech, above 0
 * @param beginMilliseconds speech without a gap that begins an utterance, at least 10
 * @param silenceMilliseconds silence that ends it: the hangover, at least 10
 */
public record EndPointing(double threshold, int beginMilliseconds, int silenceMilliseconds) {
  /** Hardly ever reached by steady noise: {@code spectron eval-vad} measures it. */
  public static final double USUAL_THRESHOLD = 0.2;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EndPointing {
    if (!(threshold > 0) || beginMilliseconds < 10 || silenceMilliseconds < 10) {
      throw new IllegalArgumentException(
          "end pointing: expected a threshold above 0 and times of at least 10 ms, found %s, %d ms, %d ms"
              .formatted(threshold, beginMilliseconds, silenceMilliseconds));
    }
  }

  /** Begun by 30 ms, ended by half a second. */
  public static EndPointing usual() {
    return new EndPointing(USUAL_THRESHOLD, 30, 500);
  }
}
