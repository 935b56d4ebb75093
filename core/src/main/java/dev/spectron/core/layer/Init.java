package dev.spectron.core.layer;

/**
 * How a parameter starts when nothing is stored: {@code value} everywhere plus normally distributed
 * noise of standard deviation {@code deviation}.
 *
 * @param value the mean
 * @param deviation the spread, 0 for a constant
 */
public record Init(float value, float deviation) {
  /** All 0: biases. */
  public static Init zeros() {
    return new Init(0, 0);
  }

  /** All 1: norm gains. */
  public static Init ones() {
    return new Init(1, 0);
  }

  /** Normal around 0. */
  public static Init normal(double deviation) {
    return new Init(0, (float) deviation);
  }

  /** Normal around 0 with variance 1 / fanIn, which keeps the variance of a linear map's input. */
  public static Init fanIn(int fanIn) {
    return normal(1 / Math.sqrt(fanIn));
  }
}
