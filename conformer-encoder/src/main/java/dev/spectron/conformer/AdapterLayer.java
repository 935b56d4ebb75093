package dev.spectron.conformer;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.LayerNorm;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * Halves the number of states behind the last block: r = GLU(conv(LN(x))), y = r +
 * Attention(GLU(conv'(LN'(x)))), then y + down(relu(up(LN(y)))); the convolutions have three taps
 * and stride 2. As in w2v-BERT 2.0 fine-tuned with an adapter.
 *
 * @param residualNorm LN
 * @param residual conv, {@code [2·d_model, d_model, 3]}
 * @param attentionNorm LN'
 * @param attentionInput conv', likewise
 * @param query {@code d_model} to {@code d_model}
 * @param key likewise
 * @param value likewise
 * @param output likewise
 * @param norm of the feed-forward
 * @param up {@code d_model} to {@code feed_forward_dim}
 * @param down back
 * @param config heads
 */
public record AdapterLayer(
    LayerNorm residualNorm,
    Linear residual,
    LayerNorm attentionNorm,
    Linear attentionInput,
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    LayerNorm norm,
    Linear up,
    Linear down,
    ConformerConfig config) {
  private static final Conv1dSpec HALVE = new Conv1dSpec(3, 2, 1, 1, 1, 1);

  static AdapterLayer load(ConformerConfig config, WeightScope weights) {
    int d = config.dModel();
    float epsilon = ConformerConfig.NORM_EPSILON;
    return new AdapterLayer(
        LayerNorm.load(weights.in("residual_norm"), d, epsilon),
        convolution(d, weights.in("residual")),
        LayerNorm.load(weights.in("attention_norm"), d, epsilon),
        convolution(d, weights.in("attention_input")),
        Linear.load(weights.in("query"), d, d),
        Linear.load(weights.in("key"), d, d),
        Linear.load(weights.in("value"), d, d),
        Linear.load(weights.in("output"), d, d),
        LayerNorm.load(weights.in("norm"), d, epsilon),
        Linear.load(weights.in("up"), d, config.feedForwardDim()),
        Linear.load(weights.in("down"), config.feedForwardDim(), d),
        config);
  }

  private static Linear convolution(int d, WeightScope weights) {
    return new Linear(
        weights.weight("weight", Shape.of(2 * d, d, 3), Init.fanIn(3 * d)),
        weights.weight("bias", Shape.of(2 * d), Init.zeros()));
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [batch, time, d_model]}
   * @return {@code [batch, ceil(time / 2), d_model]}, in the current scope
   */
  public EncoderStates forward(Backend backend, Tensor x, Lengths lengths) {
    Lengths valid = lengths.map(HALVE::outputTime);
    Tensor straight = halved(backend, residual, residualNorm.forward(backend, x), lengths);
    Tensor heard = halved(backend, attentionInput, attentionNorm.forward(backend, x), lengths);
    AttentionSpec spec =
        AttentionSpec.of(
            config.nHeads(), config.nHeads(), config.headDim(), new AttentionMask.Full());
    Tensor attended =
        backend.attention(
            query.forward(backend, heard),
            key.forward(backend, heard),
            value.forward(backend, heard),
            spec,
            new Position.None(),
            valid,
            KvCache.Layer.none());
    Tensor y = backend.add(straight, output.forward(backend, attended));
    Tensor fed =
        backend.feedForward(
            norm.forward(backend, y),
            up.weight(),
            up.bias(),
            Activation.RELU,
            down.weight(),
            down.bias());
    return new EncoderStates(backend.add(y, fed), valid);
  }

  private static Tensor halved(Backend backend, Linear map, Tensor x, Lengths lengths) {
    return backend.glu(backend.conv1d(x, map.weight(), map.bias(), HALVE, lengths));
  }
}
