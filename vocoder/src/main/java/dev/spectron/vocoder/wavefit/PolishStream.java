package dev.spectron.vocoder.wavefit;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.FrameBuffer;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * The waveform of the last iteration, brought nearer to its log-mel block by block, as far as both
 * are known. The generator sets phases and detail better than Griffin–Lim alone, and its mel values
 * worse: here it is the other way round.
 */
final class PolishStream {
  private final GriffinLimBlocks griffinLim;
  private final FeatureSpec spec;
  private final FrameBuffer frames;
  private final FrameBuffer wave;
  private Block previous = Block.none();
  private int next;

  PolishStream(GriffinLimBlocks griffinLim, FeatureSpec spec) {
    this.griffinLim = griffinLim;
    this.spec = spec;
    this.frames = new FrameBuffer(spec.nMels());
    this.wave = new FrameBuffer(spec.hopLength());
  }

  /**
   * The samples that are final by now.
   *
   * @param logMel the frames that follow; may be ahead of the samples
   * @param samples those that follow, in whole frames
   * @param isLast whether none follow of either
   */
  float[] push(LogMel logMel, float[] samples, boolean isLast) {
    frames.append(logMel.frames());
    wave.append(samples);
    List<float[]> made = new ArrayList<>();
    int ahead = GriffinLimBlocks.FRAMES + GriffinLimBlocks.AFTER;
    while (isLast ? next < wave.end() : next + ahead <= wave.end()) {
      made.add(block());
    }
    frames.forget(next - GriffinLimBlocks.BEFORE);
    wave.forget(next - GriffinLimBlocks.BEFORE);
    return Stretch.joined(made);
  }

  /** Frames held in all buffers. */
  int heldFrames() {
    return frames.size() + wave.size();
  }

  private float[] block() {
    int from = Math.max(0, next - GriffinLimBlocks.BEFORE);
    int end = Math.min(wave.end(), next + GriffinLimBlocks.FRAMES);
    int to = Math.min(wave.end(), next + GriffinLimBlocks.FRAMES + GriffinLimBlocks.AFTER);
    LogMel around = new LogMel(frames.slice(from, to), spec);
    previous = griffinLim.next(around, wave.slice(from, to), previous);
    next = end;
    return previous.samples();
  }
}
