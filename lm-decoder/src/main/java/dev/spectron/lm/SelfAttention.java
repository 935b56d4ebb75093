package dev.spectron.lm;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Self-attention with rotary positions; multi-head, grouped or multi-query.
 *
 * @param query {@code d_model} to {@code n_heads·head_dim}
 * @param key {@code d_model} to {@code n_kv_heads·head_dim}
 * @param value as {@code key}
 * @param output {@code n_heads·head_dim} to {@code d_model}
 * @param queryNorm RMS norm of the queries with the model's epsilon and gain offset, one element,
 *     or none
 * @param keyNorm likewise of the keys
 * @param isLocal whether it sees a window only
 * @param config heads, positions, norms
 */
public record SelfAttention(
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    List<Norm> queryNorm,
    List<Norm> keyNorm,
    boolean isLocal,
    LmConfig config) {
  static SelfAttention load(LmConfig config, boolean isLocal, WeightScope weights) {
    int d = config.dModel();
    int q = config.queryChannels();
    int kv = config.kvChannels();
    boolean biased = config.attentionBias();
    return new SelfAttention(
        Linear.load(weights.in("query"), d, q, biased, Init.fanIn(d)),
        Linear.load(weights.in("key"), d, kv, biased, Init.fanIn(d)),
        Linear.load(weights.in("value"), d, kv, biased, Init.fanIn(d)),
        Linear.load(
            weights.in("output"), q, d, config.outputBias(), LmConfig.residualInit(config, q)),
        norm(config, weights.in("query_norm"), q),
        norm(config, weights.in("key_norm"), kv),
        isLocal,
        config);
  }

  private static List<Norm> norm(LmConfig config, WeightScope weights, int allHeads) {
    NormConfig rms =
        new NormConfig(
            NormConfig.Kind.RMS_NORM, config.norm().epsilon(), false, config.norm().gainOffset());
    return switch (config.queryKeyNorm()) {
      case NONE -> List.of();
      case HEAD -> List.of(Norm.load(rms, weights, config.headDim()));
      case ALL_HEADS -> List.of(Norm.load(rms, weights, allHeads));
    };
  }

  /**
   * Applies attention, without the residual.
   *
   * @param x {@code [batch, time, d_model]}, normalised
   * @return the same shape, in the current scope
   */
  Tensor forward(
      Backend backend, Tensor x, AttentionMask mask, Lengths lengths, KvCache.Layer cache) {
    Tensor q = clip(backend, normalise(backend, query.forward(backend, x), queryNorm));
    Tensor k = clip(backend, normalise(backend, key.forward(backend, x), keyNorm));
    Tensor v = clip(backend, value.forward(backend, x));
    AttentionMask seen = isLocal ? config.local().mask() : mask;
    AttentionSpec usual =
        AttentionSpec.of(config.nHeads(), config.nKvHeads(), config.headDim(), seen);
    float scale = config.attentionScale() == 0 ? usual.scale() : config.attentionScale();
    AttentionSpec spec =
        new AttentionSpec(config.nHeads(), config.nKvHeads(), config.headDim(), scale, seen);
    Position position = config.rotary(isLocal).position();
    return output.forward(backend, backend.attention(q, k, v, spec, position, lengths, cache));
  }

  /** Values beyond ±c become ±c: x − relu(x − c) + relu(−x − c), which leaves others exact. */
  private Tensor clip(Backend backend, Tensor x) {
    if (config.clip() == 0) {
      return x;
    }
    float[] bounds = new float[x.shape().arrayLength()];
    Arrays.fill(bounds, config.clip());
    Tensor bound = backend.upload(bounds, x.shape());
    Tensor above = backend.activate(backend.add(x, bound, -1), Activation.RELU);
    Tensor below = backend.activate(backend.add(backend.scale(x, -1), bound, -1), Activation.RELU);
    return backend.add(backend.add(x, above, -1), below);
  }

  private Tensor normalise(Backend backend, Tensor heads, List<Norm> norm) {
    return switch (config.queryKeyNorm()) {
      case NONE -> heads;
      case ALL_HEADS -> norm.getFirst().forward(backend, heads);
      case HEAD -> {
        Shape shape = heads.shape();
        int rows = Math.toIntExact(shape.elements() / config.headDim());
        Tensor split = backend.reshape(heads, Shape.of(rows, config.headDim()));
        yield backend.reshape(norm.getFirst().forward(backend, split), shape);
      }
    };
  }
}
