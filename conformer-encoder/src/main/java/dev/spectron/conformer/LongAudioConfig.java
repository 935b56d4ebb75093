package dev.spectron.conformer;

import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.core.error.BundleException;

/**
 * What answering does with long audio. A model trained on short utterances may attend to chunks of
 * longer ones, which it never saw in training: whether that is good enough is for its maker or its
 * user to measure and to choose.
 *
 * @param window encoder frames up to which an utterance is encoded at once, 0 for no limit; longer
 *     ones are encoded piece by piece, in memory that does not grow with them
 * @param chunk attention in longer utterances; all zeros: that of the encoder, and if this is over
 *     the whole utterance, longer ones are refused
 */
public record LongAudioConfig(int window, ChunkConfig chunk) {
  /** No limit, as JSON. */
  static final String UNLIMITED =
      "{\"window\": 0, \"chunk\": {\"size\": 0, \"left\": 0, \"right\": 0}}";

  /**
   * Checks the window.
   *
   * @throws BundleException if it is below 0
   */
  public LongAudioConfig {
    if (window < 0) {
      throw new BundleException(
          "config.json: conformer.long_audio.window: expected at least 0, found " + window);
    }
  }

  /** Every utterance is encoded at once. */
  public static LongAudioConfig unlimited() {
    return new LongAudioConfig(0, ChunkConfig.none());
  }
}
