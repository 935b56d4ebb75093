package dev.spectron.spokenlm;

import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.lm.SamplingOptions;
import java.util.List;
import java.util.Objects;

/**
 * How to answer.
 *
 * @param sampling how text tokens are chosen
 * @param seed of sampling, pre-net dropout and vocoder: the same seed gives the same answer
 * @param maxSpeechFrames most frames, at most the bundle's {@code max_speech_frames}
 * @param synthesis when the vocoder works
 * @param longAudio what is done with long questions, one element, or none: what the bundle says
 */
public record AnswerOptions(
    SamplingOptions sampling,
    long seed,
    int maxSpeechFrames,
    Synthesis synthesis,
    List<LongAudioConfig> longAudio) {
  /** When the vocoder works. The sound is the same up to rounding with WaveFit, see each. */
  public enum Synthesis {
    /** At the end, on all frames: Griffin-Lim iterates on the utterance as a whole. */
    WHOLE,
    /**
     * Behind the frames, in blocks: the first sound is there before the last frame, and where the
     * back end can work for two threads it is made beside the frames that follow. Griffin-Lim comes
     * as close to the spectrogram, with other phases.
     */
    STREAMED
  }

  /** Checks the values. */
  public AnswerOptions {
    Objects.requireNonNull(synthesis, "synthesis");
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
  public AnswerOptions(
      SamplingOptions sampling, long seed, int maxSpeechFrames, Synthesis synthesis) {
    this(sampling, seed, maxSpeechFrames, synthesis, List.of());
  }

  /** With the vocoder on all frames at the end, as models are measured. */
  public AnswerOptions(SamplingOptions sampling, long seed, int maxSpeechFrames) {
    this(sampling, seed, maxSpeechFrames, Synthesis.WHOLE);
  }

  /** Greedy text, seed 0, as many frames as the bundle allows, the vocoder at the end. */
  public static AnswerOptions standard() {
    return new AnswerOptions(SamplingOptions.greedy(), 0, Integer.MAX_VALUE);
  }
}
