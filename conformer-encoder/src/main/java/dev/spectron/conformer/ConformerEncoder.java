package dev.spectron.conformer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.layer.Stack;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Convolutional subsampling, then Conformer blocks. Source: Gulati et al. 2020, arXiv 2005.08100,
 * section 2.
 *
 * @param subsampling log-mel frames to a quarter as many vectors
 * @param blocks in order
 */
public record ConformerEncoder(ConvolutionalSubsampling subsampling, List<ConformerBlock> blocks) {
  /** Reads {@code subsampling.*} and {@code layers.0.*} onwards. */
  public static ConformerEncoder load(ConformerConfig config, WeightScope weights) {
    List<ConformerBlock> blocks =
        IntStream.range(0, config.nLayers())
            .mapToObj(i -> ConformerBlock.load(config, weights.in("layers", i)))
            .toList();
    return new ConformerEncoder(
        ConvolutionalSubsampling.load(config, weights.in("subsampling")), blocks);
  }

  /**
   * Encodes speech.
   *
   * @param logMel {@code [batch, time, n_mels]}, normalised
   * @param lengths valid frames of each row
   * @return states {@code [batch, time / subsampling factor, d_model]}, in the current scope
   */
  public EncoderStates encode(Backend backend, Tensor logMel, Lengths lengths) {
    try (Scope scope = backend.openScope()) {
      EncoderStates subsampled = subsampling.forward(backend, logMel, lengths);
      Lengths valid = subsampled.lengths();
      Tensor states =
          Stack.forward(
              backend,
              blocks.size(),
              subsampled.states(),
              (i, x) -> blocks.get(i).forward(backend, x, valid));
      return new EncoderStates(scope.keep(states), valid);
    }
  }
}
