package dev.spectron.spokenlm;

import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.lm.SamplingOptions;
import java.util.List;

/**
 * How to answer.
 *
 * @param sampling how text tokens are chosen
 * @param seed of sampling, pre-net dropout and vocoder: the same seed gives the same answer
 * @param maxSpeechFrames most frames, at most the bundle's {@code max_speech_frames}
 * @param longAudio what is done with long questions, one element, or none: what the bundle says
 */
public record AnswerOptions(
    SamplingOptions sampling, long seed, int maxSpeechFrames, List<LongAudioConfig> longAudio) {
  /** Checks the values. */
  public AnswerOptions {
    longAudio = List.copyOf(longAudio);
    if (longAudio.size() > 1) {
      throw new IllegalArgumentException("long_audio: expected one or none, found " + longAudio);
    }
    if (maxSpeechFrames < 1) {
      throw new IllegalArgumentException(
          "max_speech_frames: expected at least 1, found " + maxSpeechFrames);
    }
  }

  /** Long questions as the bundle says. */
  public AnswerOptions(SamplingOptions sampling, long seed, int maxSpeechFrames) {
    this(sampling, seed, maxSpeechFrames, List.of());
  }

  /** Greedy text, seed 0, as many frames as the bundle allows. */
  public static AnswerOptions standard() {
    return new AnswerOptions(SamplingOptions.greedy(), 0, Integer.MAX_VALUE);
  }
}
