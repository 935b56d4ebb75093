package dev.spectron.conformer;

import dev.spectron.core.signal.FrameBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One layer over one utterance whose frames come piece by piece. Each pass runs the layer, as it
 * is, over the frames not finished and as many before them as these see; what it makes of frames
 * whose context is not all there is thrown away. So a layer needs no second form for streams, and
 * the result is that of the whole. The price is work done twice: {@link Context#overlap()} frames a
 * piece.
 */
final class LayerStream {
  private final Context context;
  private final int channels;
  private final int piece;
  private final Layer layer;
  private final FrameBuffer input;
  private int done;

  /** A layer on frames held outside of the back end, whose scopes end with each pass. */
  @FunctionalInterface
  interface Layer {
    /**
     * Applies the layer.
     *
     * @param frames {@code [time, channels]}
     * @return {@code [ceil(time / factor), channels of the result]}
     */
    float[] forward(float[] frames, int time);
  }

  /**
   * Before the first frame.
   *
   * @param channels of the input
   * @param piece frames added before each pass, at least 1; fewer where an array holds no more
   */
  LayerStream(Context context, int channels, int piece, Layer layer) {
    this.context = context;
    this.channels = channels;
    this.piece = Math.min(piece, Integer.MAX_VALUE / channels);
    this.layer = layer;
    this.input = new FrameBuffer(channels);
  }

  /**
   * The frames of the result that are final by now.
   *
   * @param frames those that follow, {@code [time, channels]}, also none
   * @param isLast whether none follow
   * @return one array a pass
   */
  List<float[]> push(List<float[]> frames, boolean isLast) {
    List<float[]> pieces = new ArrayList<>();
    for (float[] part : frames) {
      for (int from = 0; from < part.length; from += piece * channels) {
        pieces.add(Arrays.copyOfRange(part, from, Math.min(part.length, from + piece * channels)));
      }
    }
    if (pieces.isEmpty()) {
      return isLast ? pass(true) : List.of();
    }
    List<float[]> made = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      input.append(pieces.get(i));
      made.addAll(pass(isLast && i == pieces.size() - 1));
    }
    return made;
  }

  private List<float[]> pass(boolean isLast) {
    int ready = context.ready(input.end(), isLast);
    if (ready <= done) {
      return List.of();
    }
    int start = context.start(done);
    int time = input.end() - start;
    float[] made = layer.forward(input.slice(start, input.end()), time);
    int width = made.length / Math.ceilDiv(time, context.factor());
    int first = start / context.factor();
    float[] finished = Arrays.copyOfRange(made, (done - first) * width, (ready - first) * width);
    done = ready;
    input.forget(context.start(done));
    return List.of(finished);
  }

  /** Frames held. */
  int heldFrames() {
    return input.size();
  }
}
