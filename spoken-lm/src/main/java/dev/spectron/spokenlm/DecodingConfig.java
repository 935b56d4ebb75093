package dev.spectron.spokenlm;

import dev.spectron.core.error.BundleException;

/**
 * What the one decoding pass writes and where it must end.
 *
 * @param answerToken whether {@code <answer>} stands between transcript and answer text; off
 *     reproduces the paper's running text
 * @param maxTextTokens most tokens of transcript and answer together
 * @param maxSpeechFrames most frames of an answer; 4800 are 60 s at 12.5 ms
 */
public record DecodingConfig(boolean answerToken, int maxTextTokens, int maxSpeechFrames) {
  /**
   * Checks the limits.
   *
   * @throws BundleException if one is out of range
   */
  public DecodingConfig {
    if (maxTextTokens < 1 || maxSpeechFrames < 1) {
      throw new BundleException(
          "config.json: decoding: expected limits of at least 1, found max_text_tokens %d, max_speech_frames %d"
              .formatted(maxTextTokens, maxSpeechFrames));
    }
  }
}
