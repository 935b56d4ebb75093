package dev.spectron.lm;

/**
 * How the next token is chosen.
 *
 * @param temperature 0 for greedy decoding, else the divisor of the logits
 * @param topP smallest set of tokens whose probability reaches this is kept; 1 keeps all
 */
public record SamplingOptions(float temperature, float topP) {
  /** Checks the values. */
  public SamplingOptions {
    if (!(temperature >= 0 && temperature <= 100)) {
      throw new IllegalArgumentException("temperature: expected 0 to 100, found " + temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("top_p: expected above 0 and at most 1, found " + topP);
    }
  }

  /** The most probable token, always. */
  public static SamplingOptions greedy() {
    return new SamplingOptions(0, 1);
  }
}
