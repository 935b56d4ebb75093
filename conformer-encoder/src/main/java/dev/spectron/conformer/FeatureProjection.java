package dev.spectron.conformer;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Scope;
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
 * Linear(LN(x)), where x are stacked frames (w2v-BERT 2.0, arXiv 2312.05187) or what convolutions
 * make of the samples: GELU(LN(conv(x))) each (wav2vec 2.0, arXiv 2006.11477, section 2).
 *
 * @param convolutions in time, none for stacked frames
 * @param norm over the channels of x
 * @param output channels of x to {@code d_model}
 * @param config sizes
 */
public record FeatureProjection(
    List<Convolution> convolutions, LayerNorm norm, Linear output, ConformerConfig config)
    implements InputLayers {
  /**
   * One convolution.
   *
   * @param map {@code [out, in, kernel]} with bias
   * @param norm over its output
   */
  public record Convolution(Linear map, LayerNorm norm) {}

  static FeatureProjection load(ConformerConfig config, WeightScope weights) {
    List<Convolution> convolutions = new ArrayList<>();
    int in = config.nMels();
    for (int i = 0; i < config.subsamplingChannels().size(); i++) {
      int out = config.subsamplingChannels().get(i);
      int kernel = config.input().kernels().get(i);
      WeightScope scope = weights.in("convolutions", i);
      Linear map =
          new Linear(
              scope.weight("weight", Shape.of(out, in, kernel), Init.fanIn(in * kernel)),
              scope.weight("bias", Shape.of(out), Init.zeros()));
      LayerNorm norm = LayerNorm.load(scope.in("norm"), out, ConformerConfig.NORM_EPSILON);
      convolutions.add(new Convolution(map, norm));
      in = out;
    }
    int channels = Math.multiplyExact(in, config.input().stack());
    return new FeatureProjection(
        List.copyOf(convolutions),
        LayerNorm.load(weights.in("norm"), channels, ConformerConfig.NORM_EPSILON),
        Linear.load(weights.in("output"), channels, config.dModel()),
        config);
  }

  @Override
  public EncoderStates forward(Backend backend, Tensor x, Lengths lengths) {
    try (Scope scope = backend.openScope()) {
      EncoderStates vectors =
          convolutions.isEmpty() ? stacked(backend, x, lengths) : convolved(backend, x, lengths);
      Tensor projected = output.forward(backend, norm.forward(backend, vectors.states()));
      float factor = config.input().scale();
      Tensor scaled = factor == 1 ? projected : backend.scale(projected, factor);
      return new EncoderStates(scope.keep(scaled), vectors.lengths());
    }
  }

  /** A last frame without its neighbour is left out. */
  private EncoderStates stacked(Backend backend, Tensor x, Lengths lengths) {
    int stack = config.input().stack();
    int batch = x.shape().size(0);
    int time = x.shape().size(1) / stack;
    Tensor even =
        time * stack == x.shape().size(1)
            ? x
            : backend.sliceTime(x, new int[batch], Lengths.full(batch, time * stack));
    Shape shape = Shape.of(batch, time, Math.multiplyExact(x.shape().size(2), stack));
    return new EncoderStates(backend.reshape(even, shape), lengths.map(n -> n / stack));
  }

  private EncoderStates convolved(Backend backend, Tensor x, Lengths lengths) {
    Tensor y = x;
    Lengths valid = lengths;
    for (int i = 0; i < convolutions.size(); i++) {
      Convolution layer = convolutions.get(i);
      Conv1dSpec spec =
          new Conv1dSpec(
              config.input().kernels().get(i), config.input().strides().get(i), 1, 0, 0, 1);
      try (Scope scope = backend.openScope()) {
        Tensor sums = backend.conv1d(y, layer.map.weight(), layer.map.bias(), spec, valid);
        Tensor normal = layer.norm.forward(backend, sums);
        y = scope.keep(backend.activate(normal, Activation.GELU));
      }
      valid = valid.map(spec::outputTime);
    }
    return new EncoderStates(y, valid);
  }
}
