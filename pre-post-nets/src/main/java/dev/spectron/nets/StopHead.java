package dev.spectron.nets;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;

/**
 * The stop probability of a step is sigmoid(w·s + b). The paper does not say how frames end;
 * Tacotron 2's stop token is the known way (arXiv 1712.05884, section 2.2).
 *
 * @param linear {@code d_model} to 1
 */
public record StopHead(Linear linear) {
  /** Reads {@code stop_head.*}. */
  public static StopHead load(NetsConfig config, WeightScope weights) {
    return new StopHead(Linear.load(weights.in("stop_head"), config.dModel(), 1));
  }

  /**
   * Logits of the stop probability.
   *
   * @param states {@code [batch, steps, d_model]}
   * @return {@code [batch, steps, 1]}, before the sigmoid, in the current scope
   */
  public Tensor forward(Backend backend, Tensor states) {
    return linear.forward(backend, states);
  }
}
