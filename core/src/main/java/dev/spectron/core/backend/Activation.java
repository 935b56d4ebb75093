package dev.spectron.core.backend;

import org.apache.commons.math3.special.Erf;

/** Pointwise non-linearities; {@link #apply} is their meaning, in double precision. */
public enum Activation {
  /** max(x, 0). */
  RELU,
  /** x for x above 0, else 0.2·x, as in WaveGrad and WaveFit. */
  LEAKY_RELU,
  /** x·sigmoid(x), also called swish. */
  SILU,
  /** x·Φ(x) with the exact normal distribution. */
  GELU,
  /** The tanh approximation of {@link #GELU}. */
  GELU_TANH,
  /** 1 / (1 + exp(−x)). */
  SIGMOID,
  /** tanh(x). */
  TANH;

  /** The value at {@code x}. */
  public double apply(double x) {
    return switch (this) {
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x > 0 ? x : 0.2 * x;
      case SILU -> x / (1 + Math.exp(-x));
      case GELU -> 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
    };
  }
}
