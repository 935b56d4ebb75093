package dev.spectron.conformer;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv2dSpec;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * 3×3 convolutions of stride 2 over time and frequency, each with ReLU, then one linear layer over
 * the remaining bins and channels. In FastConformer all but the first are depthwise and followed by
 * a pointwise one. Source: Rekesh et al. 2023, arXiv 2305.05084, section 2.1.
 *
 * @param convolutions each {@code [out, in / groups, 3, 3]} with bias
 * @param pointwise {@code [out, out]} behind each convolution but the first, or none
 * @param output frequency·channels to {@code d_model}
 * @param scale factor on the result
 */
public record ConvolutionalSubsampling(
    List<Linear> convolutions, List<Linear> pointwise, Linear output, float scale)
    implements InputLayers {
  private static final Conv2dSpec HALVE = new Conv2dSpec(3, 2, 1, 1);

  static ConvolutionalSubsampling load(ConformerConfig config, WeightScope weights) {
    boolean separable = config.input().kind() == InputConfig.Kind.DEPTHWISE_CONVOLUTIONS;
    List<Linear> convolutions = new ArrayList<>();
    List<Linear> pointwise = new ArrayList<>();
    int in = 1;
    int bins = config.nMels();
    for (int i = 0; i < config.subsamplingChannels().size(); i++) {
      int out = config.subsamplingChannels().get(i);
      boolean depthwise = separable && i > 0;
      int fanIn = depthwise ? 1 : in;
      WeightScope scope = weights.in("convolutions", i);
      convolutions.add(
          new Linear(
              scope.weight(
                  "weight", Shape.of(out, fanIn, 3, 3), Init.normal(Math.sqrt(2.0 / (9 * fanIn)))),
              scope.weight("bias", Shape.of(out), Init.zeros())));
      if (depthwise) {
        pointwise.add(Linear.load(weights.in("pointwise", i), out, out));
      }
      in = out;
      bins = HALVE.outputFrequency(bins);
    }
    return new ConvolutionalSubsampling(
        List.copyOf(convolutions),
        List.copyOf(pointwise),
        Linear.load(weights.in("output"), Math.multiplyExact(in, bins), config.dModel()),
        config.input().scale());
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [batch, time, n_mels]}
   * @return {@code [batch, ceil(time / factor), d_model]}, in the current scope
   */
  @Override
  public EncoderStates forward(Backend backend, Tensor x, Lengths lengths) {
    try (Scope scope = backend.openScope()) {
      EncoderStates subsampled = convolve(backend, x, lengths);
      Tensor projected = output.forward(backend, flat(backend, subsampled.states()));
      Tensor scaled = scale == 1 ? projected : backend.scale(projected, scale);
      return new EncoderStates(scope.keep(scaled), subsampled.lengths());
    }
  }

  /** {@code [batch, time, frequency, channels]} after all convolutions, in the current scope. */
  private EncoderStates convolve(Backend backend, Tensor x, Lengths lengths) {
    Shape s = x.shape();
    Tensor y = backend.reshape(x, Shape.of(s.size(0), s.size(1), s.size(2), 1));
    Lengths valid = lengths;
    for (int i = 0; i < convolutions.size(); i++) {
      Linear convolution = convolutions.get(i);
      boolean depthwise = i > 0 && !pointwise.isEmpty();
      Conv2dSpec spec = depthwise ? new Conv2dSpec(3, 2, 1, y.shape().size(3)) : HALVE;
      try (Scope scope = backend.openScope()) {
        Tensor sums = backend.conv2d(y, convolution.weight(), convolution.bias(), spec, valid);
        Tensor mixed = depthwise ? pointwise.get(i - 1).forward(backend, sums) : sums;
        y = scope.keep(backend.activate(mixed, Activation.RELU));
      }
      valid = valid.map(HALVE::outputTime);
    }
    return new EncoderStates(y, valid);
  }

  private static Tensor flat(Backend backend, Tensor y) {
    Shape s = y.shape();
    return backend.reshape(
        y, Shape.of(s.size(0), s.size(1), Math.multiplyExact(s.size(2), s.size(3))));
  }
}
