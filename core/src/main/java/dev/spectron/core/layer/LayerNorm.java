package dev.spectron.core.layer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * y = (x − mean) / sqrt(variance + ε) · gain + bias over the channels. Source: Ba et al. 2016,
 * arXiv 1607.06450.
 *
 * @param gain {@code [channels]}
 * @param bias {@code [channels]}
 * @param epsilon ε
 */
public record LayerNorm(Weight gain, Weight bias, float epsilon) {
  /** Reads {@code weight} and {@code bias}. */
  public static LayerNorm load(WeightScope weights, int channels, float epsilon) {
    Shape shape = Shape.of(channels);
    return new LayerNorm(
        weights.weight("weight", shape, Init.ones()),
        weights.weight("bias", shape, Init.zeros()),
        epsilon);
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [..., channels]}
   * @return the same shape, in the current scope
   */
  public Tensor forward(Backend backend, Tensor x) {
    return backend.layerNorm(x, gain, bias, epsilon);
  }
}
