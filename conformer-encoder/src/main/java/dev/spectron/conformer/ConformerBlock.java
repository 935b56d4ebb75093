package dev.spectron.conformer;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.LayerNorm;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;

/**
 * One Conformer block: x₁ = x + ½·FFN(x), x₂ = x₁ + Attention(x₁), x₃ = x₂ + Convolution(x₂), y =
 * LN(x₃ + ½·FFN(x₃)). Every module normalises its own input. Source: Gulati et al. 2020, arXiv
 * 2005.08100, section 2.2.
 *
 * @param first feed-forward module before the attention
 * @param attention multi-head self-attention with positions
 * @param convolution convolution module
 * @param second feed-forward module after the convolution
 * @param norm layer norm of the result
 */
public record ConformerBlock(
    FeedForward first,
    RelativeAttention attention,
    ConvolutionModule convolution,
    FeedForward second,
    LayerNorm norm) {
  static ConformerBlock load(ConformerConfig config, WeightScope weights) {
    return new ConformerBlock(
        FeedForward.load(config, weights.in("feed_forward1")),
        RelativeAttention.load(config, weights.in("attention")),
        ConvolutionModule.load(config, weights.in("convolution")),
        FeedForward.load(config, weights.in("feed_forward2")),
        LayerNorm.load(weights.in("norm"), config.dModel(), ConformerConfig.NORM_EPSILON));
  }

  /**
   * Applies the block.
   *
   * @param input {@code [batch, time, d_model]}
   * @param mask which frames each may attend to
   * @return the same shape, in the current scope
   */
  public Tensor forward(Backend backend, Tensor input, AttentionMask mask, Lengths lengths) {
    Tensor x = backend.add(input, first.forward(backend, input), 0.5f);
    x = backend.add(x, attention.forward(backend, x, mask, lengths));
    x = backend.add(x, convolution.forward(backend, x, lengths));
    x = backend.add(x, second.forward(backend, x), 0.5f);
    return norm.forward(backend, x);
  }
}
