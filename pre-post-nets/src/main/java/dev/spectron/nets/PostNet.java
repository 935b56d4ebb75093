package dev.spectron.nets;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;

/**
 * h_post: a decoder state to the next step's frames: down(ReLU(up(s))). Source: Nachmani et al.
 * 2023, arXiv 2305.15255, section 3.
 *
 * @param up {@code d_model} to {@code post_net_hidden}
 * @param down {@code post_net_hidden} to {@code reduction_factor·n_mels}
 */
public record PostNet(Linear up, Linear down) {
  /** Reads {@code post_net.up.*} and {@code post_net.down.*}. */
  public static PostNet load(NetsConfig config, WeightScope weights) {
    WeightScope scope = weights.in("post_net");
    return new PostNet(
        Linear.load(scope.in("up"), config.dModel(), config.postNetHidden()),
        Linear.load(scope.in("down"), config.postNetHidden(), config.stepChannels()));
  }

  /**
   * Reads frames from decoder states.
   *
   * @param states {@code [batch, steps, d_model]}
   * @return frames {@code [batch, steps, reduction_factor·n_mels]}, normalised, in the current
   *     scope
   */
  public Tensor forward(Backend backend, Tensor states) {
    return backend.feedForward(
        states, up.weight(), up.bias(), Activation.RELU, down.weight(), down.bias());
  }
}
