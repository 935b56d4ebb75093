package dev.spectron.conformer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * The norm inside the convolution module: layer norm, or batch norm with stored statistics.
 *
 * @param gain {@code [d_model]}
 * @param bias {@code [d_model]}
 * @param mean {@code [d_model]}, or {@link Weight#none()} for layer norm
 * @param variance {@code [d_model]}, or {@link Weight#none()} for layer norm
 */
public record ConvolutionNorm(Weight gain, Weight bias, Weight mean, Weight variance) {
  static ConvolutionNorm load(ConformerConfig config, WeightScope weights) {
    Shape shape = Shape.of(config.dModel());
    boolean batch = config.convolutionNorm() == ConformerConfig.ConvolutionNormKind.BATCH_NORM;
    return new ConvolutionNorm(
        weights.weight("weight", shape, Init.ones()),
        weights.weight("bias", shape, Init.zeros()),
        batch ? weights.weight("running_mean", shape, Init.zeros()) : Weight.none(),
        batch ? weights.weight("running_var", shape, Init.ones()) : Weight.none());
  }

  /**
   * Applies the norm.
   *
   * @param x {@code [batch, time, d_model]}
   * @return the same shape, in the current scope
   */
  Tensor forward(Backend backend, Tensor x) {
    return mean.isPresent()
        ? backend.batchNorm(x, mean, variance, gain, bias, ConformerConfig.NORM_EPSILON)
        : backend.layerNorm(x, gain, bias, ConformerConfig.NORM_EPSILON);
  }
}
