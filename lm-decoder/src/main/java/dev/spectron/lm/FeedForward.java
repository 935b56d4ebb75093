package dev.spectron.lm;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;
import java.util.List;

/**
 * Feed-forward of a decoder block, gated or plain.
 *
 * @param gate {@code d_model} to {@code feed_forward_dim}, one element if gated, else none
 * @param up {@code d_model} to {@code feed_forward_dim}
 * @param down {@code feed_forward_dim} to {@code d_model}
 * @param config kind
 */
public record FeedForward(List<Linear> gate, Linear up, Linear down, LmConfig config) {
  static FeedForward load(LmConfig config, WeightScope weights) {
    int d = config.dModel();
    int hidden = config.feedForwardDim();
    boolean gated =
        switch (config.feedForward()) {
          case GATED_SILU, GATED_GELU_TANH -> true;
          case GELU, SILU -> false;
        };
    return new FeedForward(
        gated
            ? List.of(
                Linear.load(weights.in("gate"), d, hidden, config.outputBias(), Init.fanIn(d)))
            : List.of(),
        Linear.load(weights.in("up"), d, hidden, config.outputBias(), Init.fanIn(d)),
        Linear.load(
            weights.in("down"),
            hidden,
            d,
            config.outputBias(),
            LmConfig.residualInit(config, hidden)),
        config);
  }

  /**
   * Applies the feed-forward, without the residual.
   *
   * @param x {@code [batch, time, d_model]}, normalised
   * @return the same shape, in the current scope
   */
  Tensor forward(Backend backend, Tensor x) {
    return switch (config.feedForward()) {
      case GATED_SILU -> gated(backend, x, Activation.SILU);
      case GATED_GELU_TANH -> gated(backend, x, Activation.GELU_TANH);
      case GELU -> plain(backend, x, Activation.GELU);
      case SILU -> plain(backend, x, Activation.SILU);
    };
  }

  private Tensor plain(Backend backend, Tensor x, Activation activation) {
    return backend.feedForward(x, up.weight(), up.bias(), activation, down.weight(), down.bias());
  }

  private Tensor gated(Backend backend, Tensor x, Activation activation) {
    if (!config.outputBias()) {
      return backend.gatedFeedForward(
          x, gate.getFirst().weight(), up.weight(), activation, down.weight());
    }
    Tensor open = backend.activate(gate.getFirst().forward(backend, x), activation);
    return down.forward(backend, backend.multiply(open, up.forward(backend, x)));
  }
}
