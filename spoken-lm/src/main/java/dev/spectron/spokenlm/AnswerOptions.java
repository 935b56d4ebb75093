package dev.spectron.spokenlm;

import dev.spectron.lm.SamplingOptions;

/**
 * How to answer.
 *
 * @param sampling how text tokens are chosen
 * @param seed of sampling, pre-net dropout and vocoder: the same seed gives the same answer
 * @param maxSpeechFrames most frames, at most the bundle's {@code max_speech_frames}
 */
public record AnswerOptions(SamplingOptions sampling, long seed, int maxSpeechFrames) {
  /** Checks the values. */
  public AnswerOptions {
    if (maxSpeechFrames < 1) {
      throw new IllegalArgumentException(
          "max_speech_frames: expected at least 1, found " + maxSpeechFrames);
    }
  }

  /** Greedy text, seed 0, as many frames as the bundle allows. */
  public static AnswerOptions standard() {
    return new AnswerOptions(SamplingOptions.greedy(), 0, Integer.MAX_VALUE);
  }
}
