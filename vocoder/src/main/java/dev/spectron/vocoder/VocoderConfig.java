package dev.spectron.vocoder;

import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import dev.spectron.vocoder.wavefit.WaveFitConfig;

/**
 * Which vocoder, and the settings of each. Both are always stored: {@code kind} alone decides, so a
 * bundle with a neural vocoder can be heard without it.
 *
 * @param kind the one in use
 * @param griffinLim settings of {@link Kind#GRIFFIN_LIM}
 * @param wavefit sizes of {@link Kind#WAVEFIT}
 */
public record VocoderConfig(Kind kind, GriffinLimConfig griffinLim, WaveFitConfig wavefit) {
  /** The closed list of vocoders. */
  public enum Kind {
    /** Phase retrieval, no weights. */
    GRIFFIN_LIM,
    /** The neural vocoder of Spectron. */
    WAVEFIT
  }

  /** WaveFit-5 as Spectron uses it. */
  public static VocoderConfig spectron() {
    return new VocoderConfig(Kind.WAVEFIT, GriffinLimConfig.standard(), WaveFitConfig.spectron());
  }

  /** The same settings with another vocoder in use. */
  public VocoderConfig with(Kind other) {
    return new VocoderConfig(other, griffinLim, wavefit);
  }
}
