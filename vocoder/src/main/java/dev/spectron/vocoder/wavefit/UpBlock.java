package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From a lower rate to a higher one, by repeating frames. With M = leakyReLU(shift + scale ⊙ ·):
 *
 * <pre>
 * x₁ = repeat(linear(x)) + conv₂(M(conv₁(repeat(leakyReLU(x)))))
 * y  = x₁ + conv₄(M(conv₃(M(x₁))))
 * </pre>
 *
 * Source: Chen et al. 2020, arXiv 2009.00713.
 *
 * @param residual {@code in} to {@code out} channels
 * @param convolutions four of kernel 3; the first goes from {@code in} to {@code out}
 * @param factor frames out per frame in
 */
record UpBlock(Linear residual, List<Convolution> convolutions, int factor) {
  static UpBlock load(WeightScope weights, int in, int out, int factor, List<Integer> dilations) {
    return new UpBlock(
        Linear.load(weights.in("residual"), in, out),
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    Convolution.load(
                        weights.in("convolutions", i), i == 0 ? in : out, out, 3, dilations.get(i)))
            .toList(),
        factor);
  }

  /**
   * Applies the block.
   *
   * @param x {@code [batch, time, in]}
   * @param film shift and scale, each {@code [batch, time · factor, out]}
   * @return {@code [batch, time · factor, out]}, in the current scope
   */
  Tensor forward(Backend backend, Tensor x, Film.Modulation film) {
    Tensor first = backend.upsampleTime(backend.activate(x, Activation.LEAKY_RELU), factor);
    first = convolutions.get(0).forward(backend, first);
    first = convolutions.get(1).forward(backend, film.activate(backend, first));
    // A linear map of repeated frames is the repetition of the mapped ones, at a fraction of the
    // cost.
    first = backend.add(first, backend.upsampleTime(residual.forward(backend, x), factor));
    Tensor second = convolutions.get(2).forward(backend, film.activate(backend, first));
    second = convolutions.get(3).forward(backend, film.activate(backend, second));
    return backend.add(first, second);
  }

  /** The shift and scale that these outputs are made with, from the first layer on. */
  Span modulationReach(Span outputs) {
    Span span = outputs;
    for (Convolution convolution : convolutions.subList(1, convolutions.size()).reversed()) {
      span = convolution.reach(span);
    }
    return span;
  }

  /** What these outputs are made from; the residual path sees less. */
  Span reach(Span outputs) {
    return convolutions.getFirst().reach(modulationReach(outputs)).at(factor);
  }
}
