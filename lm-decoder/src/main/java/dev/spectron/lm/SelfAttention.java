package dev.spectron.lm;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * Self-attention with rotary positions; multi-head, grouped or multi-query.
 *
 * @param query {@code d_model} to {@code n_heads·head_dim}
 * @param key {@code d_model} to {@code n_kv_heads·head_dim}
 * @param value as {@code key}
 * @param output {@code n_heads·head_dim} to {@code d_model}
 * @param queryNorm gain of the query norm, or {@link Weight#none()}
 * @param keyNorm gain of the key norm, or {@link Weight#none()}
 * @param config heads, positions, norms
 */
public record SelfAttention(
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    Weight queryNorm,
    Weight keyNorm,
    LmConfig config) {
  static SelfAttention load(LmConfig config, WeightScope weights) {
    int d = config.dModel();
    int q = config.queryChannels();
    int kv = config.kvChannels();
    boolean biased = config.attentionBias();
    boolean perHead = config.queryKeyNorm() == LmConfig.QueryKeyNorm.HEAD;
    boolean normed = config.queryKeyNorm() != LmConfig.QueryKeyNorm.NONE;
    int queryNormChannels = perHead ? config.headDim() : q;
    int keyNormChannels = perHead ? config.headDim() : kv;
    return new SelfAttention(
        Linear.load(weights.in("query"), d, q, biased, Init.fanIn(d)),
        Linear.load(weights.in("key"), d, kv, biased, Init.fanIn(d)),
        Linear.load(weights.in("value"), d, kv, biased, Init.fanIn(d)),
        Linear.load(
            weights.in("output"), q, d, config.outputBias(), LmConfig.residualInit(config, q)),
        normed
            ? weights.weight("query_norm.weight", Shape.of(queryNormChannels), Init.ones())
            : Weight.none(),
        normed
            ? weights.weight("key_norm.weight", Shape.of(keyNormChannels), Init.ones())
            : Weight.none(),
        config);
  }

  /**
   * Applies attention, without the residual.
   *
   * @param x {@code [batch, time, d_model]}, normalised
   * @return the same shape, in the current scope
   */
  Tensor forward(
      Backend backend, Tensor x, AttentionMask mask, Lengths lengths, KvCache.Layer cache) {
    Tensor q = normalise(backend, query.forward(backend, x), queryNorm);
    Tensor k = normalise(backend, key.forward(backend, x), keyNorm);
    Tensor v = value.forward(backend, x);
    AttentionSpec spec =
        AttentionSpec.of(config.nHeads(), config.nKvHeads(), config.headDim(), mask);
    return output.forward(
        backend, backend.attention(q, k, v, spec, config.rotary().position(), lengths, cache));
  }

  private Tensor normalise(Backend backend, Tensor heads, Weight gain) {
    float epsilon = config.norm().epsilon();
    return switch (config.queryKeyNorm()) {
      case NONE -> heads;
      case ALL_HEADS -> backend.rmsNorm(heads, gain, epsilon);
      case HEAD -> {
        Shape shape = heads.shape();
        int rows = Math.toIntExact(shape.elements() / config.headDim());
        Tensor split = backend.reshape(heads, Shape.of(rows, config.headDim()));
        yield backend.reshape(backend.rmsNorm(split, gain, epsilon), shape);
      }
    };
  }
}
