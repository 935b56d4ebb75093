package dev.spectron.lm;

/**
 * The norm of a language model.
 *
 * @param kind which norm
 * @param epsilon added to the variance or mean square
 * @param bias whether a layer norm has a bias beside its gain
 * @param gainOffset added to every stored gain, those of queries and keys included; 1 in Gemma
 */
public record NormConfig(Kind kind, float epsilon, boolean bias, float gainOffset) {
  /** Which norm. */
  public enum Kind {
    /** Mean and variance over the channels. */
    LAYER_NORM,
    /** Root mean square over the channels. */
    RMS_NORM,
    /** Layer norm without gain and bias. */
    NON_PARAMETRIC
  }

  /** Checks the values. */
  public NormConfig {
    LmConfig.require(epsilon > 0 && epsilon < 1, "norm.epsilon", "above 0 and below 1", epsilon);
    LmConfig.require(
        gainOffset == 0 || kind == Kind.RMS_NORM,
        "norm.gain_offset",
        "0 unless the kind is rms_norm",
        gainOffset);
  }
}
