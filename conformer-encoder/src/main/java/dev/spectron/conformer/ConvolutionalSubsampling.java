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
 * the remaining bins and channels.
 *
 * @param convolutions each {@code [out, in, 3, 3]} with bias
 * @param output frequency·channels to {@code d_model}
 */
public record ConvolutionalSubsampling(List<Linear> convolutions, Linear output) {
  private static final Conv2dSpec HALVE = new Conv2dSpec(3, 2, 1, 1);

  static ConvolutionalSubsampling load(ConformerConfig config, WeightScope weights) {
    List<Linear> convolutions = new ArrayList<>();
    int in = 1;
    int bins = config.nMels();
    for (int i = 0; i < config.subsamplingChannels().size(); i++) {
      int out = config.subsamplingChannels().get(i);
      WeightScope scope = weights.in("convolutions", i);
      convolutions.add(
          new Linear(
              scope.weight(
                  "weight", Shape.of(out, in, 3, 3), Init.normal(Math.sqrt(2.0 / (9 * in)))),
              scope.weight("bias", Shape.of(out), Init.zeros())));
      in = out;
      bins = HALVE.outputFrequency(bins);
    }
    return new ConvolutionalSubsampling(
        List.copyOf(convolutions),
        Linear.load(weights.in("output"), Math.multiplyExact(in, bins), config.dModel()));
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [batch, time, n_mels]}
   * @return {@code [batch, ceil(time / factor), d_model]}, in the current scope
   */
  EncoderStates forward(Backend backend, Tensor x, Lengths lengths) {
    try (Scope scope = backend.openScope()) {
      EncoderStates subsampled = convolve(backend, x, lengths);
      Tensor flat = flat(backend, subsampled.states());
      return new EncoderStates(scope.keep(output.forward(backend, flat)), subsampled.lengths());
    }
  }

  /** {@code [batch, time, frequency, channels]} after all convolutions, in the current scope. */
  private EncoderStates convolve(Backend backend, Tensor x, Lengths lengths) {
    Shape s = x.shape();
    Tensor y = backend.reshape(x, Shape.of(s.size(0), s.size(1), s.size(2), 1));
    Lengths valid = lengths;
    for (Linear convolution : convolutions) {
      try (Scope scope = backend.openScope()) {
        Tensor sums = backend.conv2d(y, convolution.weight(), convolution.bias(), HALVE, valid);
        y = scope.keep(backend.activate(sums, Activation.RELU));
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
