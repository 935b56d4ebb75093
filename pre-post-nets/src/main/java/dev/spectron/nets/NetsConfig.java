package dev.spectron.nets;

import dev.spectron.core.error.BundleException;

/**
 * Sizes of projection, pre-net and post-net.
 *
 * @param encoderDim channels of an encoder state
 * @param dModel channels of the language model
 * @param nMels mel bins of the answer
 * @param reductionFactor frames written by one decoding step; 1 in the paper
 * @param preNetBottleneck hidden channels of the pre-net; narrow, so that the decoder cannot just
 *     repeat a frame
 * @param preNetDropout rate after the bottleneck, in [0, 1); active in training and while
 *     answering, as in Tacotron 2
 * @param postNetHidden hidden channels of the post-net
 * @param stopHead whether a stop probability is predicted with every step; off reproduces the
 *     paper's loss
 */
public record NetsConfig(
    int encoderDim,
    int dModel,
    int nMels,
    int reductionFactor,
    int preNetBottleneck,
    float preNetDropout,
    int postNetHidden,
    boolean stopHead) {
  /**
   * Checks the sizes.
   *
   * @throws BundleException if one is out of range
   */
  public NetsConfig {
    require(encoderDim >= 1 && encoderDim <= 1 << 15, "encoder_dim", "1 to 32768", encoderDim);
    require(dModel >= 1 && dModel <= 1 << 15, "d_model", "1 to 32768", dModel);
    require(nMels >= 1 && nMels <= 1024, "n_mels", "1 to 1024", nMels);
    require(
        reductionFactor >= 1 && reductionFactor <= 16,
        "reduction_factor",
        "1 to 16",
        reductionFactor);
    require(
        preNetBottleneck >= 1 && preNetBottleneck <= 1 << 15,
        "pre_net_bottleneck",
        "1 to 32768",
        preNetBottleneck);
    require(
        preNetDropout >= 0 && preNetDropout < 1,
        "pre_net_dropout",
        "at least 0 and below 1",
        preNetDropout);
    require(
        postNetHidden >= 1 && postNetHidden <= 1 << 15,
        "post_net_hidden",
        "1 to 32768",
        postNetHidden);
  }

  /**
   * Nets between the 600M encoder and a language model of width {@code dModel}: bottleneck 64,
   * post-net 512, 128 mel bins.
   */
  public static NetsConfig spectron(int dModel) {
    return new NetsConfig(1024, dModel, 128, 1, 64, 0.5f, 512, true);
  }

  /** The same sizes between another encoder and another language model. */
  public NetsConfig between(int encoderChannels, int lmChannels) {
    return new NetsConfig(
        encoderChannels,
        lmChannels,
        nMels,
        reductionFactor,
        preNetBottleneck,
        preNetDropout,
        postNetHidden,
        stopHead);
  }

  /** The same sizes with another bottleneck of the pre-net. */
  public NetsConfig withPreNetBottleneck(int channels) {
    return new NetsConfig(
        encoderDim,
        dModel,
        nMels,
        reductionFactor,
        channels,
        preNetDropout,
        postNetHidden,
        stopHead);
  }

  /** The same sizes with another number of frames a decoding step. */
  public NetsConfig withReductionFactor(int frames) {
    return new NetsConfig(
        encoderDim,
        dModel,
        nMels,
        frames,
        preNetBottleneck,
        preNetDropout,
        postNetHidden,
        stopHead);
  }

  /** Channels of one decoding step's frames: {@code reduction_factor·n_mels}. */
  public int stepChannels() {
    return Math.multiplyExact(reductionFactor, nMels);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new BundleException(
          "config.json: nets." + key + ": expected " + expected + ", found " + found);
    }
  }
}
