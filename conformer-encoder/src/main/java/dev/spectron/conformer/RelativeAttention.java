package dev.spectron.conformer;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.LayerNorm;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * Multi-head self-attention module: output(attention(query(LN(x)), key(LN(x)), value(LN(x)))) with
 * the configured positions. Source: Gulati et al. 2020, arXiv 2005.08100, section 2.1.1.
 *
 * @param norm norm of the input
 * @param query {@code d_model} to {@code d_model}
 * @param key {@code d_model} to {@code d_model}
 * @param value {@code d_model} to {@code d_model}
 * @param output {@code d_model} to {@code d_model}
 * @param positionProjection {@code [d_model, d_model]} for Transformer-XL positions, else {@link
 *     Weight#none()}
 * @param contentBias u, {@code [n_heads, head_dim]}, likewise
 * @param positionBias v, {@code [n_heads, head_dim]}, likewise
 * @param distances {@code [left + right + 1, head_dim]} for relative keys, else {@link
 *     Weight#none()}
 * @param config heads, positions, dropout
 */
public record RelativeAttention(
    LayerNorm norm,
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    Weight positionProjection,
    Weight contentBias,
    Weight positionBias,
    Weight distances,
    ConformerConfig config) {
  static RelativeAttention load(ConformerConfig config, WeightScope weights) {
    int d = config.dModel();
    boolean xl = config.position() == ConformerConfig.PositionKind.TRANSFORMER_XL;
    Shape heads = Shape.of(config.nHeads(), config.headDim());
    return new RelativeAttention(
        LayerNorm.load(weights.in("norm"), d, ConformerConfig.NORM_EPSILON),
        config.linear(weights.in("query"), d, d),
        config.linear(weights.in("key"), d, d),
        config.linear(weights.in("value"), d, d),
        config.linear(weights.in("output"), d, d),
        xl ? weights.weight("position.weight", Shape.of(d, d), Init.fanIn(d)) : Weight.none(),
        xl ? weights.weight("content_bias", heads, Init.zeros()) : Weight.none(),
        xl ? weights.weight("position_bias", heads, Init.zeros()) : Weight.none(),
        config.position() == ConformerConfig.PositionKind.RELATIVE_KEY
            ? weights.weight(
                "distances.weight",
                Shape.of(config.relativeLeft() + config.relativeRight() + 1, config.headDim()),
                Init.zeros())
            : Weight.none(),
        config);
  }

  /**
   * Applies the module, without the residual.
   *
   * @param x {@code [batch, time, d_model]}
   * @param mask which frames each may attend to
   * @return the same shape, in the current scope
   */
  Tensor forward(Backend backend, Tensor x, AttentionMask mask, Lengths lengths) {
    Tensor y = norm.forward(backend, x);
    Tensor turned =
        config.position() == ConformerConfig.PositionKind.ROTARY_INPUT
            ? RotaryInput.forward(backend, y, config.headDim())
            : y;
    AttentionSpec spec = AttentionSpec.of(config.nHeads(), config.nHeads(), config.headDim(), mask);
    Tensor attended =
        backend.attention(
            query.forward(backend, turned),
            key.forward(backend, turned),
            value.forward(backend, y),
            spec,
            position(),
            lengths,
            KvCache.Layer.none());
    return backend.dropout(output.forward(backend, attended), config.dropout());
  }

  private Position position() {
    return switch (config.position()) {
      case TRANSFORMER_XL ->
          new Position.TransformerXl(positionProjection, contentBias, positionBias);
      case ROTARY -> new Position.Rotary(config.headDim(), 10_000, new RotaryScaling.None());
      case RELATIVE_KEY ->
          new Position.Shaw(distances, config.relativeLeft(), config.relativeRight());
      case ROTARY_INPUT, NONE -> new Position.None();
    };
  }
}
