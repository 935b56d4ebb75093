package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;

/**
 * Feature-wise linear modulation: from the waveform's features at one rate to a shift and a scale
 * for the up-block that ends at that rate. h = leakyReLU(conv(x)) + step encoding; shift and scale
 * are convolutions of h. Source: Chen et al. 2020, arXiv 2009.00713.
 *
 * @param input {@code in} to {@code in} channels
 * @param shift {@code in} to {@code out}
 * @param scale {@code in} to {@code out}
 * @param steps encoding of the iteration
 */
record Film(Convolution input, Convolution shift, Convolution scale, StepEncoding steps) {
  /**
   * Shift and scale of an up-block's channels, alike for all its layers.
   *
   * @param shift {@code [batch, time, channels]}
   * @param scale as {@code shift}
   */
  record Modulation(Tensor shift, Tensor scale) {
    /** shift + scale ⊙ x, then leaky ReLU. */
    Tensor activate(Backend backend, Tensor x) {
      return backend.modulate(x, scale, shift, Activation.LEAKY_RELU);
    }
  }

  static Film load(WeightScope weights, int in, int out, int iterations) {
    return new Film(
        Convolution.load(weights.in("input"), in, in, 3, 1),
        Convolution.load(weights.in("shift"), in, out, 3, 1),
        Convolution.load(weights.in("scale"), in, out, 3, 1),
        new StepEncoding(iterations, in));
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [batch, time, in]}
   * @param iteration counted from 0
   * @return two of {@code [batch, time, out]}, in the current scope
   */
  Modulation forward(Backend backend, Tensor x, int iteration) {
    Tensor h = backend.activate(input.forward(backend, x), Activation.LEAKY_RELU);
    h = steps.addTo(backend, h, iteration);
    return new Modulation(shift.forward(backend, h), scale.forward(backend, h));
  }

  /** What shift and scale are made from. */
  Span reach(Span outputs) {
    return input.reach(shift.reach(outputs));
  }
}
