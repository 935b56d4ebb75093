package dev.spectron.vocoder.griffinlim;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import java.util.Arrays;

/**
 * Griffin–Lim for a spectrogram that is not known to its end: block by block, each with a few
 * frames on either side. A block begins with the phases of the signal so far, which reaches past it
 * by what stood behind the block before, and its first samples are faded over from there. So blocks
 * fit, and each is decided by the frames up to {@link #AFTER} behind it: whoever takes the blocks
 * in order has the same samples, whether the frames came at once or one by one. Immutable and
 * thread-safe; what one block leaves for the next is an argument.
 */
public final class GriffinLimBlocks {
  /** Frames of a block. */
  public static final int FRAMES = 16;

  /** Frames before a block that are worked on once more. */
  public static final int BEFORE = 4;

  /** Frames behind a block that it is made with; fewer where the spectrogram ends. */
  public static final int AFTER = 12;

  private static final int FADE = 2;

  private final GriffinLimVocoder griffinLim;
  private final int hopLength;

  /** For log-mel spectrograms with the features {@code spec}. */
  public GriffinLimBlocks(GriffinLimConfig config, FeatureSpec spec) {
    this.griffinLim = new GriffinLimVocoder(config, spec);
    this.hopLength = spec.hopLength();
  }

  /** The standard settings with another number of iterations. */
  public static GriffinLimBlocks of(int iterations, FeatureSpec spec) {
    float momentum = GriffinLimConfig.standard().momentum();
    return new GriffinLimBlocks(new GriffinLimConfig(iterations, momentum), spec);
  }

  /**
   * A block and what the next one goes on from.
   *
   * @param samples at most {@code FRAMES · hopLength}
   * @param known the signal from {@link #BEFORE} frames before the next block on
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  public record Block(float[] samples, float[] known) {
    /** Before the first block. */
    public static Block none() {
      return new Block(new float[0], new float[0]);
    }
  }

  /**
   * The next block.
   *
   * @param around its frames, the {@link #BEFORE} before it, none for the first, and as many as
   *     there are up to {@link #AFTER} behind it; finite values
   * @param previous the block before
   */
  public Block next(LogMel around, Block previous) {
    return block(griffinLim.retrieve(around, previous.known), previous.known);
  }

  /**
   * The next block of a waveform that is there already, roughly, nearer to its spectrogram. Phases
   * and detail come from that waveform, so neighbours fit without those of the block before.
   *
   * @param around frames as for {@link #next(LogMel, Block)}
   * @param rough their samples
   * @param previous the block before
   */
  public Block next(LogMel around, float[] rough, Block previous) {
    return block(griffinLim.refine(around, rough), previous.known);
  }

  private Block block(float[] signal, float[] known) {
    int start = Math.min(known.length, BEFORE * hopLength);
    fade(known, signal, start);
    int end = Math.min(signal.length, start + FRAMES * hopLength);
    int next = Math.min(signal.length, end - BEFORE * hopLength);
    return new Block(
        Arrays.copyOfRange(signal, start, end),
        Arrays.copyOfRange(signal, Math.max(0, next), signal.length));
  }

  /** From {@code known}, alone before {@code start}, over to the signal. */
  private void fade(float[] known, float[] signal, int start) {
    System.arraycopy(known, 0, signal, 0, start);
    int length = Math.min(known.length - start, FADE * hopLength);
    for (int i = 0; i < length; i++) {
      double share = 0.5 - 0.5 * Math.cos(Math.PI * (i + 0.5) / length);
      signal[start + i] = (float) (share * signal[start + i] + (1 - share) * known[start + i]);
    }
  }
}
