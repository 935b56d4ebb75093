package dev.spectron.training.speaker;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.LayerNorm;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Says who speaks, whatever is said: convolutions over time, mean and deviation of each channel
 * over the utterance, a linear map to a vector of length 1. Source: Snyder et al. 2018, "X-vectors:
 * robust DNN embeddings for speaker recognition", table 1, with three changes. Layer norm stands in
 * place of batch norm, which would couple the rows of a batch. The deviation is the mean absolute
 * one, 2·mean(max(x − mean, 0)), which needs no square root: the slope of that is infinite at 0,
 * and back ends have none. And the embedding is the first affine layer, of unit length.
 *
 * @param layers convolutions
 * @param pooled to the channels that are pooled
 * @param mean from their means to the embedding
 * @param deviation from their deviations to the embedding
 * @param pooling the mean over time, as attention
 */
record SpeakerEncoder(
    List<Layer> layers, Linear pooled, Linear mean, Linear deviation, AttentionSpec pooling) {
  private static final float NORM_EPSILON = 1e-5f;
  private static final float LENGTH_EPSILON = 1e-12f;

  static SpeakerEncoder load(SpeakerConfig config, WeightScope weights) {
    List<Layer> layers = new ArrayList<>();
    int in = config.features().nMels();
    for (int i = 0; i < config.kernelSizes().size(); i++) {
      int stride = i == 0 ? config.subsampling() : 1;
      layers.add(
          Layer.load(
              weights.in("layers", i),
              in,
              config.channels(),
              spec(config.kernelSizes().get(i), stride, config.dilations().get(i))));
      in = config.channels();
    }
    int heads = config.poolHeads();
    int channels = config.pooledChannels();
    return new SpeakerEncoder(
        List.copyOf(layers),
        Linear.load(weights.in("pooled"), in, channels),
        Linear.load(weights.in("mean"), channels, config.embeddingDim()),
        Linear.loadWithoutBias(weights.in("deviation"), channels, config.embeddingDim()),
        AttentionSpec.of(heads, heads, channels / heads, new AttentionMask.Full()));
  }

  private static Conv1dSpec spec(int kernelSize, int stride, int dilation) {
    Conv1dSpec same = Conv1dSpec.same(kernelSize, dilation, 1);
    return new Conv1dSpec(kernelSize, stride, dilation, same.padLeft(), same.padRight(), 1);
  }

  /**
   * Embeds a batch of utterances.
   *
   * @param x {@code [batch, time, n_mels]}, frames of {@link SpeakerFeatures}
   * @param lengths valid frames, at least 1 a row
   * @return {@code [batch, 1, embedding_dim]}, rows of length 1, in the current scope
   */
  Tensor forward(Backend backend, Tensor x, Lengths lengths) {
    Tensor y = x;
    Lengths valid = lengths;
    for (Layer layer : layers) {
      y = layer.forward(backend, y, valid);
      valid = valid.map(layer.spec()::outputTime);
    }
    y = backend.activate(pooled.forward(backend, y), Activation.RELU);
    Tensor means = meanOverTime(backend, y, valid);
    Tensor above = backend.activate(backend.add(y, means, -1), Activation.RELU);
    Tensor deviations = backend.scale(meanOverTime(backend, above, valid), 2);
    Tensor embedding =
        backend.add(
            mean.forward(backend, first(backend, means)),
            deviation.forward(backend, first(backend, deviations)));
    int dim = embedding.shape().size(2);
    Tensor scaled = backend.rmsNorm(embedding, Weight.none(), LENGTH_EPSILON);
    return backend.scale(scaled, (float) (1 / Math.sqrt(dim)));
  }

  /**
   * Attention whose scores are all 0 weighs every valid frame alike.
   *
   * @return as {@code x}, every frame the mean of its row
   */
  private Tensor meanOverTime(Backend backend, Tensor x, Lengths lengths) {
    Tensor zeros = backend.scale(x, 0);
    return backend.attention(
        zeros, zeros, x, pooling, new Position.None(), lengths, KvCache.Layer.none());
  }

  private static Tensor first(Backend backend, Tensor x) {
    int batch = x.shape().size(0);
    return backend.sliceTime(x, new int[batch], Lengths.full(batch, 1));
  }

  /**
   * relu, then layer norm, of a convolution.
   *
   * @param weight {@code [out, in, kernel]}
   * @param bias {@code [out]}
   * @param norm over the channels
   * @param spec geometry
   */
  record Layer(Weight weight, Weight bias, LayerNorm norm, Conv1dSpec spec) {
    static Layer load(WeightScope weights, int in, int out, Conv1dSpec spec) {
      return new Layer(
          weights.weight(
              "weight", Shape.of(out, in, spec.kernelSize()), Init.fanIn(in * spec.kernelSize())),
          weights.weight("bias", Shape.of(out), Init.zeros()),
          LayerNorm.load(weights.in("norm"), out, NORM_EPSILON),
          spec);
    }

    /**
     * Applies the layer.
     *
     * @param x {@code [batch, time, in]}
     * @return {@code [batch, spec.outputTime(time), out]}
     */
    Tensor forward(Backend backend, Tensor x, Lengths lengths) {
      Tensor y = backend.conv1d(x, weight, bias, spec, lengths);
      return norm.forward(backend, backend.activate(y, Activation.RELU));
    }
  }
}
