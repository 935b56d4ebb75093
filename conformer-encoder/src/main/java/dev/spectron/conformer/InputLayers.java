package dev.spectron.conformer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;

/** What turns features into the vectors of the first block, fewer than there were frames. */
public sealed interface InputLayers permits ConvolutionalSubsampling, FeatureProjection {
  /** Reads the layers that the configuration says. */
  static InputLayers load(ConformerConfig config, WeightScope weights) {
    return switch (config.input().kind()) {
      case CONVOLUTIONS, DEPTHWISE_CONVOLUTIONS -> ConvolutionalSubsampling.load(config, weights);
      case FRAMES, SAMPLES -> FeatureProjection.load(config, weights);
    };
  }

  /**
   * Applies the layers.
   *
   * @param x {@code [batch, time, n_mels]}
   * @return {@code [batch, vectors, d_model]}, in the current scope
   */
  EncoderStates forward(Backend backend, Tensor x, Lengths lengths);
}
