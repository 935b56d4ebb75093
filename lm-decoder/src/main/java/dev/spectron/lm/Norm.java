package dev.spectron.lm;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * The configured norm over the channels.
 *
 * @param gain {@code [channels]} or {@link Weight#none()}
 * @param bias {@code [channels]} or {@link Weight#none()}
 * @param config which norm
 */
public record Norm(Weight gain, Weight bias, NormConfig config) {
  static Norm load(NormConfig config, WeightScope weights, int channels) {
    if (config.kind() == NormConfig.Kind.NON_PARAMETRIC) {
      return new Norm(Weight.none(), Weight.none(), config);
    }
    Shape shape = Shape.of(channels);
    Init start = new Init(1 - config.gainOffset(), 0);
    return new Norm(
        weights.weight("weight", shape, start),
        config.bias() ? weights.weight("bias", shape, Init.zeros()) : Weight.none(),
        config);
  }

  /**
   * Applies the norm.
   *
   * @param x {@code [..., channels]}
   * @return the same shape, in the current scope
   */
  Tensor forward(Backend backend, Tensor x) {
    if (config.kind() != NormConfig.Kind.RMS_NORM) {
      return backend.layerNorm(x, gain, bias, config.epsilon());
    }
    Tensor y = backend.rmsNorm(x, gain, config.epsilon());
    return config.gainOffset() == 0
        ? y
        : backend.add(y, backend.rmsNorm(x, Weight.none(), config.epsilon()), config.gainOffset());
  }
}
