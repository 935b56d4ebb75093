package dev.spectron.training.loss;

import ai.djl.ndarray.NDArray;

/**
 * The hinge form of the adversarial losses, over scores that should be above 1 for speech and below
 * −1 for what a vocoder made. Source: Lim and Ye 2017, arXiv 1705.02894; the generator's side is
 * bounded as in open implementations of WaveFit.
 */
public final class AdversarialLoss {
  private AdversarialLoss() {}

  /** Of the discriminator on speech: mean of max(0, 1 − score). */
  public static NDArray real(NDArray score) {
    return hinge(score.neg());
  }

  /** Of the discriminator on what the vocoder made: mean of max(0, 1 + score). */
  public static NDArray made(NDArray score) {
    return hinge(score);
  }

  /** Of the vocoder, which wants its own to pass for speech. */
  public static NDArray passing(NDArray score) {
    return real(score);
  }

  private static NDArray hinge(NDArray score) {
    return score.add(1f).maximum(0f).mean();
  }
}
