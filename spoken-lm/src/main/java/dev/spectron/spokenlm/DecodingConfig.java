package dev.spectron.spokenlm;

import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.BundleException;

/**
 * What the one decoding pass writes and where it must end.
 *
 * @param answerToken whether {@code <answer>} stands between transcript and answer text; off
 *     reproduces the paper's running text
 * @param maxTextTokens most tokens of transcript and answer together
 * @param maxSpeechFrames most frames of an answer; 4800 are 60 s at 12.5 ms
 * @param maxContextTokens most tokens of earlier turns that stand before the speech prefix; 0 for a
 *     model that was not trained to hear any
 */
public record DecodingConfig(
    boolean answerToken,
    int maxTextTokens,
    int maxSpeechFrames,
    @IfAbsent("0") int maxContextTokens) {
  /**
   * Checks the limits.
   *
   * @throws BundleException if one is out of range
   */
  public DecodingConfig {
    if (maxTextTokens < 1 || maxSpeechFrames < 1 || maxContextTokens < 0) {
      throw new BundleException(
          "config.json: decoding: expected limits of at least 1 and context of at least 0, found max_text_tokens %d, max_speech_frames %d, max_context_tokens %d"
              .formatted(maxTextTokens, maxSpeechFrames, maxContextTokens));
    }
  }

  /** Of a model that hears no earlier turns. */
  public DecodingConfig(boolean answerToken, int maxTextTokens, int maxSpeechFrames) {
    this(answerToken, maxTextTokens, maxSpeechFrames, 0);
  }

  /** Whether earlier turns of a dialogue are heard. */
  public boolean takesContext() {
    return maxContextTokens > 0;
  }

  /** The same limits for a model that hears earlier turns, at most so many tokens of them. */
  public DecodingConfig withContext(int tokens) {
    return new DecodingConfig(answerToken, maxTextTokens, maxSpeechFrames, tokens);
  }
}
