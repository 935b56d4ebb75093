package dev.spectron.lm;

import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;

/**
 * Rotary positions of a language model.
 *
 * @param dims rotated channels of each head, even
 * @param theta wavelength base
 * @param scaling rule for long contexts
 * @param factor stretch of {@code LINEAR} and {@code LLAMA3}, else ignored
 * @param lowFrequencyFactor of {@code LLAMA3}, else ignored
 * @param highFrequencyFactor of {@code LLAMA3}, else ignored
 * @param originalPositions of {@code LLAMA3}, else ignored
 */
public record RotaryConfig(
    int dims,
    double theta,
    Scaling scaling,
    double factor,
    double lowFrequencyFactor,
    double highFrequencyFactor,
    int originalPositions) {
  /** Rule for contexts longer than those trained on. */
  public enum Scaling {
    /** None. */
    NONE,
    /** All wavelengths times {@code factor}. */
    LINEAR,
    /** Long wavelengths times {@code factor}, as in Llama 3. */
    LLAMA3
  }

  /** Checks the values. */
  public RotaryConfig {
    LmConfig.require(dims >= 2 && dims % 2 == 0, "rotary.dims", "an even number from 2", dims);
    LmConfig.require(theta > 1, "rotary.theta", "above 1", theta);
    LmConfig.require(scaling == Scaling.NONE || factor >= 1, "rotary.factor", "at least 1", factor);
    LmConfig.require(
        scaling != Scaling.LLAMA3
            || (highFrequencyFactor > lowFrequencyFactor && lowFrequencyFactor > 0),
        "rotary.high_frequency_factor",
        "above low_frequency_factor " + lowFrequencyFactor,
        highFrequencyFactor);
    LmConfig.require(
        originalPositions >= 1, "rotary.original_positions", "at least 1", originalPositions);
  }

  /** Positions as trained. */
  public static RotaryConfig of(int dims, double theta) {
    return new RotaryConfig(dims, theta, Scaling.NONE, 1, 1, 4, 4096);
  }

  Position position() {
    RotaryScaling rule =
        switch (scaling) {
          case NONE -> new RotaryScaling.None();
          case LINEAR -> new RotaryScaling.LinearFactor(factor);
          case LLAMA3 ->
              new RotaryScaling.Llama3(
                  factor, lowFrequencyFactor, highFrequencyFactor, originalPositions);
        };
    return new Position.Rotary(dims, theta, rule);
  }
}
