package dev.spectron.nets;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * h_pre: the last step's frames to a decoder input, through a bottleneck:
 * up(dropout(ReLU(down(f)))). Source: Nachmani et al. 2023, arXiv 2305.15255, section 3; the
 * dropout, on while answering too, is Tacotron 2's (arXiv 1712.05884, section 2.2).
 *
 * @param down {@code reduction_factor·n_mels} to the bottleneck
 * @param up bottleneck to {@code d_model}
 * @param config holds the dropout rate
 */
public record PreNet(Linear down, Linear up, NetsConfig config) {
  /** Reads {@code pre_net.down.*} and {@code pre_net.up.*}. */
  public static PreNet load(NetsConfig config, WeightScope weights) {
    WeightScope scope = weights.in("pre_net");
    return new PreNet(
        Linear.load(scope.in("down"), config.stepChannels(), config.preNetBottleneck()),
        Linear.load(scope.in("up"), config.preNetBottleneck(), config.dModel()),
        config);
  }

  /**
   * Embeds frames. The dropout mask is drawn on the host, so that one seed gives the same answer on
   * every back end.
   *
   * @param frames {@code [batch, steps, reduction_factor·n_mels]}, normalised
   * @param random source of the dropout mask
   * @return decoder inputs {@code [batch, steps, d_model]}, in the current scope
   */
  public Tensor forward(Backend backend, Tensor frames, RandomGenerator random) {
    Tensor hidden = backend.activate(down.forward(backend, frames), Activation.RELU);
    return up.forward(backend, dropout(backend, hidden, random));
  }

  private Tensor dropout(Backend backend, Tensor hidden, RandomGenerator random) {
    float rate = config.preNetDropout();
    if (rate == 0) {
      return hidden;
    }
    float[] mask = new float[hidden.shape().arrayLength()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextFloat() < rate ? 0 : 1 / (1 - rate);
    }
    return backend.multiply(hidden, backend.upload(mask, hidden.shape()));
  }
}
