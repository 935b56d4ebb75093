package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * Convolution in time with bias, padded so that the output has time / stride frames.
 *
 * @param weight {@code [out, in, kernel]}
 * @param bias {@code [out]}
 * @param spec geometry
 */
record Convolution(Weight weight, Weight bias, Conv1dSpec spec) {
  private static final double QUIET = 0.001;

  /** Stride 1: reads {@code weight} and {@code bias}. */
  static Convolution load(WeightScope weights, int in, int out, int kernel, int dilation) {
    return load(weights, in, out, Conv1dSpec.same(kernel, dilation, 1));
  }

  /** Stride 1, starting with weights near 0: at first the result is next to nothing. */
  static Convolution loadQuiet(WeightScope weights, int in, int out, int kernel) {
    Init init = Init.normal(QUIET / Math.sqrt(Math.multiplyExact(in, kernel)));
    return load(weights, in, out, Conv1dSpec.same(kernel, 1, 1), init);
  }

  /** Stride {@code factor}, with the odd kernel next to it: 3 for 2 and 3, 5 for 4 and 5. */
  static Convolution loadDown(WeightScope weights, int in, int out, int factor) {
    int half = factor / 2;
    return load(weights, in, out, new Conv1dSpec(2 * half + 1, factor, 1, half, half, 1));
  }

  private static Convolution load(WeightScope weights, int in, int out, Conv1dSpec spec) {
    return load(weights, in, out, spec, Init.fanIn(Math.multiplyExact(in, spec.kernelSize())));
  }

  private static Convolution load(
      WeightScope weights, int in, int out, Conv1dSpec spec, Init init) {
    return new Convolution(
        weights.weight("weight", Shape.of(out, in, spec.kernelSize()), init),
        weights.weight("bias", Shape.of(out), Init.zeros()),
        spec);
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [batch, time, in]}, every row valid over its whole time
   * @return {@code [batch, time / stride, out]}, in the current scope
   */
  Tensor forward(Backend backend, Tensor x) {
    return backend.conv1d(x, weight, bias, spec, Lengths.full(x));
  }

  /** What these outputs are made from. */
  Span reach(Span outputs) {
    return outputs.read(spec);
  }
}
