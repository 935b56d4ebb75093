package dev.spectron.core.layer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * y = x·Wᵀ + b.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]} or {@link Weight#none()}
 */
public record Linear(Weight weight, Weight bias) {
  /** With bias: reads {@code weight} and {@code bias}. */
  public static Linear load(WeightScope weights, int in, int out) {
    return load(weights, in, out, true, Init.fanIn(in));
  }

  /** Without bias: reads {@code weight}. */
  public static Linear loadWithoutBias(WeightScope weights, int in, int out) {
    return load(weights, in, out, false, Init.fanIn(in));
  }

  /**
   * Reads {@code weight} and, if biased, {@code bias}.
   *
   * @param in input channels
   * @param out output channels
   * @param biased whether to read {@code bias}
   * @param init start of {@code weight}; the bias starts at 0
   */
  public static Linear load(WeightScope weights, int in, int out, boolean biased, Init init) {
    Weight weight = weights.weight("weight", Shape.of(out, in), init);
    Weight bias = biased ? weights.weight("bias", Shape.of(out), Init.zeros()) : Weight.none();
    return new Linear(weight, bias);
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [..., in]}
   * @return {@code [..., out]}, in the current scope
   */
  public Tensor forward(Backend backend, Tensor x) {
    return backend.linear(x, weight, bias);
  }
}
