package dev.spectron.nets;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;

/**
 * P_s: encoder states to the speech prefix of the language model, one linear layer. Source:
 * Nachmani et al. 2023, arXiv 2305.15255, section 3.
 *
 * @param linear {@code encoder_dim} to {@code d_model}
 */
public record SpeechProjection(Linear linear) {
  /** Reads {@code projection.*}. */
  public static SpeechProjection load(NetsConfig config, WeightScope weights) {
    return new SpeechProjection(
        Linear.load(weights.in("projection"), config.encoderDim(), config.dModel()));
  }

  /**
   * Projects encoder states.
   *
   * @param states {@code [batch, time, encoder_dim]}
   * @return speech prefix {@code [batch, time, d_model]}, in the current scope
   */
  public Tensor forward(Backend backend, Tensor states) {
    return linear.forward(backend, states);
  }
}
