package dev.spectron.lm;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import java.util.List;

/**
 * One decoder block. Parallel: y = x + Attention(N(x)) + FFN(N(x)), Chowdhery et al. 2022, arXiv
 * 2204.02311, section 2. Serial: x₁ = x + Attention(N(x)), y = x₁ + FFN(N'(x₁)).
 *
 * @param attentionNorm N
 * @param attention causal or prefix self-attention
 * @param feedForwardNorm N', one element in serial blocks, none in parallel ones
 * @param feedForward gated or plain
 * @param config switches
 */
public record DecoderBlock(
    Norm attentionNorm,
    SelfAttention attention,
    List<Norm> feedForwardNorm,
    FeedForward feedForward,
    LmConfig config) {
  static DecoderBlock load(LmConfig config, WeightScope weights) {
    boolean serial = config.block() == LmConfig.Block.SERIAL;
    return new DecoderBlock(
        Norm.load(config.norm(), weights.in("attention_norm"), config.dModel()),
        SelfAttention.load(config, weights.in("attention")),
        serial
            ? List.of(Norm.load(config.norm(), weights.in("feed_forward_norm"), config.dModel()))
            : List.of(),
        FeedForward.load(config, weights.in("feed_forward")),
        config);
  }

  /**
   * Applies the block.
   *
   * @param x {@code [batch, time, d_model]}
   * @return the same shape, in the current scope
   */
  Tensor forward(
      Backend backend, Tensor x, AttentionMask mask, Lengths lengths, KvCache.Layer cache) {
    Tensor y = attentionNorm.forward(backend, x);
    Tensor attended = dropout(backend, attention.forward(backend, y, mask, lengths, cache));
    Tensor sum = backend.add(x, attended);
    Tensor inner = feedForwardNorm.isEmpty() ? y : feedForwardNorm.getFirst().forward(backend, sum);
    return backend.add(sum, dropout(backend, feedForward.forward(backend, inner)));
  }

  private Tensor dropout(Backend backend, Tensor x) {
    return backend.dropout(x, config.dropout());
  }
}
