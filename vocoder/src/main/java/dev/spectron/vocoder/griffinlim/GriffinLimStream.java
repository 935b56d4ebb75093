package dev.spectron.vocoder.griffinlim;

import dev.spectron.core.error.Cancellation;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.FrameBuffer;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks.Block;

/**
 * Griffin–Lim on one utterance whose frames come bit by bit: a block is made when what stands
 * behind it is there.
 */
public final class GriffinLimStream {
  private final GriffinLimBlocks blocks;
  private final FeatureSpec spec;
  private final FrameBuffer frames;
  private final FrameBuffer made;
  private final Cancellation cancellation;
  private Block previous = Block.none();
  private int next;

  /**
   * For log-mel spectrograms with the features {@code spec}.
   *
   * @param cancellation asked before every block
   */
  public GriffinLimStream(GriffinLimConfig config, FeatureSpec spec, Cancellation cancellation) {
    this.blocks = new GriffinLimBlocks(config, spec);
    this.spec = spec;
    this.frames = new FrameBuffer(spec.nMels());
    this.made = new FrameBuffer(spec.hopLength());
    this.cancellation = cancellation;
  }

  /**
   * The samples that are final by now.
   *
   * @param logMel the frames that follow, finite values
   * @param isLast whether none follow
   */
  public float[] push(LogMel logMel, boolean isLast) {
    frames.append(logMel.frames());
    int ahead = GriffinLimBlocks.FRAMES + GriffinLimBlocks.AFTER;
    int first = next;
    while (isLast ? next < frames.end() : next + ahead <= frames.end()) {
      block();
    }
    frames.forget(next - GriffinLimBlocks.BEFORE);
    float[] samples = made.slice(first, next);
    made.forget(next);
    return samples;
  }

  private void block() {
    cancellation.check();
    int from = Math.max(0, next - GriffinLimBlocks.BEFORE);
    int end = Math.min(frames.end(), next + GriffinLimBlocks.FRAMES);
    int to = Math.min(frames.end(), end + GriffinLimBlocks.AFTER);
    previous = blocks.next(new LogMel(frames.slice(from, to), spec), previous);
    made.append(previous.samples());
    next = end;
  }
}
