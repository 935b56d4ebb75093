package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From a higher rate to a lower one: y = down₁(linear(x)) + conv₃(conv₂(conv₁(down₂(x)))), each
 * conv after a leaky ReLU, with dilations 1, 2, 4. The channels change in down₁ and conv₃. Source:
 * Chen et al. 2020, arXiv 2009.00713, with the channel placement that meets the published parameter
 * count.
 *
 * @param residual {@code in} to {@code in} channels
 * @param residualDown strided, {@code in} to {@code out}
 * @param down strided, {@code in} to {@code in}
 * @param convolutions three of kernel 3; the last goes to {@code out}
 */
record DownBlock(
    Linear residual, Convolution residualDown, Convolution down, List<Convolution> convolutions) {
  static DownBlock load(WeightScope weights, int in, int out, int factor) {
    return new DownBlock(
        Linear.load(weights.in("residual"), in, in),
        Convolution.loadDown(weights.in("residual_down"), in, out, factor),
        Convolution.loadDown(weights.in("down"), in, in, factor),
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    Convolution.load(
                        weights.in("convolutions", i), in, i < 2 ? in : out, 3, 1 << i))
            .toList());
  }

  /**
   * Applies the block.
   *
   * @param x {@code [batch, time, in]}
   * @return {@code [batch, time / factor, out]}, in the current scope
   */
  Tensor forward(Backend backend, Tensor x) {
    Tensor y = down.forward(backend, x);
    for (Convolution convolution : convolutions) {
      y = convolution.forward(backend, backend.activate(y, Activation.LEAKY_RELU));
    }
    return backend.add(y, residualDown.forward(backend, residual.forward(backend, x)));
  }

  /** What these outputs are made from; the residual path sees less. */
  Span reach(Span outputs) {
    Span span = outputs;
    for (Convolution convolution : convolutions.reversed()) {
      span = convolution.reach(span);
    }
    return down.reach(span);
  }
}
