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
 * 2204.02311, section 2. The others: x₁ = x + N₂(Attention(N₁(x))), y = x₁ + N₄(FFN(N₃(x₁))), with
 * those of the four norms that {@link LmConfig.Block} says.
 *
 * @param attentionNorm N₁, one element or none
 * @param attention causal or prefix self-attention
 * @param attentionOutputNorm N₂, one element or none
 * @param feedForwardNorm N₃, one element or none
 * @param feedForward gated or plain
 * @param feedForwardOutputNorm N₄, one element or none
 * @param config switches
 */
public record DecoderBlock(
    List<Norm> attentionNorm,
    SelfAttention attention,
    List<Norm> attentionOutputNorm,
    List<Norm> feedForwardNorm,
    FeedForward feedForward,
    List<Norm> feedForwardOutputNorm,
    LmConfig config) {
  static DecoderBlock load(LmConfig config, int layer, WeightScope weights) {
    LmConfig.Block block = config.block();
    return new DecoderBlock(
        norm(block.normsInput(), config, weights.in("attention_norm")),
        SelfAttention.load(config, config.local().contains(layer), weights.in("attention")),
        norm(block.normsOutput(), config, weights.in("attention_output_norm")),
        norm(block.normsBetween(), config, weights.in("feed_forward_norm")),
        FeedForward.load(config, weights.in("feed_forward")),
        norm(block.normsOutput(), config, weights.in("feed_forward_output_norm")),
        config);
  }

  private static List<Norm> norm(boolean exists, LmConfig config, WeightScope weights) {
    return exists ? List.of(Norm.load(config.norm(), weights, config.dModel())) : List.of();
  }

  /**
   * Applies the block.
   *
   * @param x {@code [batch, time, d_model]}
   * @param mask which positions each may see; local layers see a causal window
   * @param lengths valid positions of each row
   * @param cache keys and values of this layer so far, or {@link KvCache.Layer#none()}
   * @return the same shape, in the current scope
   */
  public Tensor forward(
      Backend backend, Tensor x, AttentionMask mask, Lengths lengths, KvCache.Layer cache) {
    Tensor y = apply(backend, attentionNorm, x);
    Tensor attended = attention.forward(backend, y, mask, lengths, cache);
    Tensor sum = backend.add(x, dropout(backend, apply(backend, attentionOutputNorm, attended)));
    Tensor inner =
        config.block() == LmConfig.Block.PARALLEL ? y : apply(backend, feedForwardNorm, sum);
    Tensor fed = feedForward.forward(backend, inner);
    return backend.add(sum, dropout(backend, apply(backend, feedForwardOutputNorm, fed)));
  }

  private static Tensor apply(Backend backend, List<Norm> norm, Tensor x) {
    return norm.isEmpty() ? x : norm.getFirst().forward(backend, x);
  }

  private Tensor dropout(Backend backend, Tensor x) {
    return backend.dropout(x, config.dropout());
  }
}
