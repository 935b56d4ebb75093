package dev.spectron.conformer;

import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.layer.LayerNorm;
import dev.spectron.core.layer.Stack;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Convolutional subsampling, then Conformer blocks. Source: Gulati et al. 2020, arXiv 2005.08100,
 * section 2.
 *
 * @param subsampling features to vectors, for log-mel frames a quarter as many
 * @param blocks in order
 * @param norm of the last block's output, one element or none
 * @param adapter layers that halve the number of states, none in Spectron's own encoder
 * @param config sizes
 */
public record ConformerEncoder(
    InputLayers subsampling,
    List<ConformerBlock> blocks,
    List<LayerNorm> norm,
    List<AdapterLayer> adapter,
    ConformerConfig config) {
  /**
   * Reads {@code subsampling.*}, {@code layers.0.*} onwards and, where there are such, {@code
   * final_norm.*} and {@code adapter.0.*} onwards.
   */
  public static ConformerEncoder load(ConformerConfig config, WeightScope weights) {
    List<ConformerBlock> blocks =
        IntStream.range(0, config.nLayers())
            .mapToObj(i -> ConformerBlock.load(config, weights.in("layers", i)))
            .toList();
    return new ConformerEncoder(
        InputLayers.load(config, weights.in("subsampling")),
        blocks,
        config.finalNorm()
            ? List.of(
                LayerNorm.load(
                    weights.in("final_norm"), config.dModel(), ConformerConfig.NORM_EPSILON))
            : List.of(),
        IntStream.range(0, config.adapter())
            .mapToObj(i -> AdapterLayer.load(config, weights.in("adapter", i)))
            .toList(),
        config);
  }

  /**
   * Encodes speech, each row at once, as in training.
   *
   * @param logMel {@code [batch, time, n_mels]}, normalised
   * @param lengths valid frames of each row
   * @return states {@code [batch, time / subsampling factor, d_model]}, in the current scope
   */
  public EncoderStates encode(Backend backend, Tensor logMel, Lengths lengths) {
    return encode(backend, logMel, config.chunk().mask(), lengths);
  }

  /** The same under another mask than the configured one. */
  EncoderStates encode(Backend backend, Tensor logMel, AttentionMask mask, Lengths lengths) {
    try (Scope scope = backend.openScope()) {
      EncoderStates subsampled = subsampling.forward(backend, logMel, lengths);
      Lengths valid = subsampled.lengths();
      Tensor states =
          Stack.forward(
              backend,
              blocks.size(),
              subsampled.states(),
              (i, x) -> blocks.get(i).forward(backend, x, mask, valid));
      EncoderStates finished = finish(backend, states, valid);
      return new EncoderStates(scope.keep(finished.states()), finished.lengths());
    }
  }

  /** What follows the last block. */
  private EncoderStates finish(Backend backend, Tensor states, Lengths lengths) {
    EncoderStates x =
        new EncoderStates(
            norm.isEmpty() ? states : norm.getFirst().forward(backend, states), lengths);
    for (AdapterLayer layer : adapter) {
      x = layer.forward(backend, x.states(), x.lengths());
    }
    return x;
  }

  /**
   * Encodes one utterance of any length: at once up to the window, piece by piece beyond it.
   *
   * @param logMel {@code [time, n_mels]}, normalised; at least one frame
   * @param longAudio what is done with long utterances, {@code config().longAudio()} unless the
   *     caller knows better
   * @return states {@code [1, time / subsampling factor, d_model]}, in the current scope
   * @throws CapacityException if the utterance is longer than the window and neither {@code
   *     longAudio} nor the encoder has chunks
   */
  public EncoderStates encode(Backend backend, float[] logMel, LongAudioConfig longAudio) {
    int time = logMel.length / config.nMels();
    int states = Math.ceilDiv(time, config.subsamplingFactor());
    if (longAudio.window() == 0 || states <= longAudio.window()) {
      try (Scope scope = backend.openScope()) {
        Tensor x = backend.upload(logMel, Shape.of(1, time, config.nMels()));
        EncoderStates encoded = encode(backend, x, Lengths.full(x));
        return new EncoderStates(scope.keep(encoded.states()), encoded.lengths());
      }
    }
    return inPieces(backend, logMel, states, longAudio);
  }

  private EncoderStates inPieces(
      Backend backend, float[] logMel, int states, LongAudioConfig longAudio) {
    ChunkConfig chunk = longAudio.chunk().size() > 0 ? longAudio.chunk() : config.chunk();
    boolean whole = !config.input().worksOnPieces() || config.finalNorm() || config.adapter() > 0;
    if (whole || !(chunk.mask() instanceof AttentionMask.Chunked mask)) {
      throw new CapacityException(
          "conformer: question of %d encoder frames: expected at most %d, conformer.long_audio.window, as attention is over the whole question; ask a shorter question or set conformer.long_audio.chunk"
              .formatted(states, longAudio.window()));
    }
    EncoderStream stream = new EncoderStream(backend, this, mask, longAudio.window());
    float[] all = new float[Math.multiplyExact(states, config.dModel())];
    int at = 0;
    int piece = longAudio.window() * config.subsamplingFactor() * config.nMels();
    for (int from = 0; from < logMel.length; from += piece) {
      int to = Math.min(logMel.length, from + piece);
      boolean isLast = to == logMel.length;
      for (float[] part : stream.push(Arrays.copyOfRange(logMel, from, to), isLast)) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
    }
    Tensor encoded = backend.upload(all, Shape.of(1, states, config.dModel()));
    return new EncoderStates(encoded, Lengths.full(encoded));
  }
}
