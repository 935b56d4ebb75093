package dev.spectron.conformer;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder over one utterance whose frames come piece by piece, under a mask that sees a bounded
 * context. Its states are those of the whole utterance under the same mask, to rounding, however
 * the frames are cut: each layer holds the frames that later ones still see, and hands on what is
 * final. Windows of the whole encoder that overlap and are joined would need no state, but they are
 * an approximation: through all layers a state depends on its context times their number, so no
 * overlap that is worth its time gives the states of the whole, and there is no law to test.
 *
 * <p>Memory does not grow with the utterance. For one thread, that of its back end.
 */
final class EncoderStream {
  private final LayerStream subsampling;
  private final List<LayerStream> blocks = new ArrayList<>();

  /**
   * Before the first frame.
   *
   * @param window encoder frames that a layer works on at a time, more if its context and a chunk
   *     do not fit in
   */
  EncoderStream(Backend backend, ConformerEncoder encoder, AttentionMask.Chunked mask, int window) {
    ConformerConfig config = encoder.config();
    Context context = Context.ofBlock(config.depthwise(), mask);
    int piece = Math.max(mask.size(), window - context.overlap());
    int factor = config.subsamplingFactor();
    this.subsampling =
        new LayerStream(
            Context.ofSubsampling(factor),
            config.nMels(),
            Math.multiplyExact(piece, factor),
            onHost(
                backend,
                config.nMels(),
                x -> encoder.subsampling().forward(backend, x, Lengths.full(x)).states()));
    for (ConformerBlock block : encoder.blocks()) {
      LayerStream.Layer layer =
          onHost(backend, config.dModel(), x -> block.forward(backend, x, mask, Lengths.full(x)));
      blocks.add(new LayerStream(context, config.dModel(), piece, layer));
    }
  }

  @FunctionalInterface
  private interface OnBackend {
    Tensor forward(Tensor x);
  }

  private static LayerStream.Layer onHost(Backend backend, int channels, OnBackend layer) {
    return (frames, time) -> {
      try (Scope _ = backend.openScope()) {
        return backend.download(layer.forward(backend.upload(frames, Shape.of(1, time, channels))));
      }
    };
  }

  /**
   * The states that are final by now.
   *
   * @param logMel the frames that follow, {@code [time, n_mels]}, normalised
   * @param isLast whether none follow
   * @return {@code [states, d_model]} in parts
   */
  List<float[]> push(float[] logMel, boolean isLast) {
    List<float[]> frames = subsampling.push(List.of(logMel), isLast);
    for (LayerStream block : blocks) {
      frames = block.push(frames, isLast);
    }
    return frames;
  }

  /** Frames held by all layers. */
  int heldFrames() {
    return subsampling.heldFrames() + blocks.stream().mapToInt(LayerStream::heldFrames).sum();
  }
}
