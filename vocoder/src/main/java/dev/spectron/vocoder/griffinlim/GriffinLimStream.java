package dev.spectron.vocoder.griffinlim;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks.Block;
import java.util.Arrays;

/**
 * Griffin–Lim on one utterance whose frames come bit by bit; a block and what stands behind it are
 * waited for.
 */
public final class GriffinLimStream {
  private final GriffinLimBlocks blocks;
  private final FeatureSpec spec;
  private Block previous = Block.none();

  /** Log-mel from {@link GriffinLimBlocks#BEFORE} frames before the next block on. */
  private float[] frames = new float[0];

  /** Frames of {@code frames} before the next block. */
  private int before;

  /** For log-mel spectrograms with the features {@code spec}. */
  public GriffinLimStream(GriffinLimConfig config, FeatureSpec spec) {
    this.blocks = new GriffinLimBlocks(config, spec);
    this.spec = spec;
  }

  /**
   * The samples that are final by now.
   *
   * @param logMel the frames that follow, finite values
   * @param isLast whether none follow
   */
  public float[] push(LogMel logMel, boolean isLast) {
    append(logMel.frames());
    float[] made = new float[0];
    while (isLast
        ? before < held()
        : before + GriffinLimBlocks.FRAMES + GriffinLimBlocks.AFTER <= held()) {
      made = joined(made, block());
    }
    return made;
  }

  private float[] block() {
    int width = spec.nMels();
    int end = Math.min(held(), before + GriffinLimBlocks.FRAMES);
    int to = Math.min(held(), before + GriffinLimBlocks.FRAMES + GriffinLimBlocks.AFTER);
    previous = blocks.next(new LogMel(Arrays.copyOf(frames, to * width), spec), previous);
    int forgotten = Math.max(0, end - GriffinLimBlocks.BEFORE);
    frames = Arrays.copyOfRange(frames, forgotten * width, frames.length);
    before = end - forgotten;
    return previous.samples();
  }

  private int held() {
    return frames.length / spec.nMels();
  }

  private void append(float[] more) {
    frames = joined(frames, more);
  }

  private static float[] joined(float[] a, float[] b) {
    float[] joined = Arrays.copyOf(a, Math.addExact(a.length, b.length));
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
