package dev.spectron.conformer;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.LayerNorm;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;

/**
 * Feed-forward module: down(swish(up(LN(x)))). Source: Gulati et al. 2020, arXiv 2005.08100,
 * section 2.1.3.
 *
 * @param norm norm of the input
 * @param up {@code d_model} to {@code feed_forward_dim}
 * @param down {@code feed_forward_dim} to {@code d_model}
 * @param config holds the dropout rate
 */
public record FeedForward(LayerNorm norm, Linear up, Linear down, ConformerConfig config) {
  static FeedForward load(ConformerConfig config, WeightScope weights) {
    return new FeedForward(
        LayerNorm.load(weights.in("norm"), config.dModel(), ConformerConfig.NORM_EPSILON),
        config.linear(weights.in("up"), config.dModel(), config.feedForwardDim()),
        config.linear(weights.in("down"), config.feedForwardDim(), config.dModel()),
        config);
  }

  /**
   * Applies the module, without the residual.
   *
   * @param x {@code [batch, time, d_model]}
   * @return the same shape, in the current scope
   */
  Tensor forward(Backend backend, Tensor x) {
    Tensor y =
        backend.feedForward(
            norm.forward(backend, x),
            up.weight(),
            up.bias(),
            Activation.SILU,
            down.weight(),
            down.bias());
    return backend.dropout(y, config.dropout());
  }
}
