package dev.spectron.nets;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * The stop probability of a step is sigmoid(w·s + b). The paper does not say how frames end;
 * Tacotron 2's stop token is the known way (arXiv 1712.05884, section 2.2).
 *
 * @param linear {@code d_model} to 1
 */
public record StopHead(Linear linear) {
  /**
   * The bias starts at the log odds of one last step in twenty, so that untrained weights speak on
   * instead of stopping at once.
   */
  private static final float PRIOR = (float) -Math.log(19);

  /** Reads {@code stop_head.*}. */
  public static StopHead load(NetsConfig config, WeightScope weights) {
    WeightScope head = weights.in("stop_head");
    int in = config.dModel();
    return new StopHead(
        new Linear(
            head.weight("weight", Shape.of(1, in), Init.fanIn(in)),
            head.weight("bias", Shape.of(1), new Init(PRIOR, 0))));
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
