package dev.spectron.vocoder.wavefit;

import dev.spectron.core.signal.FrameBuffer;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.wavefit.FirstWave.Block;
import dev.spectron.vocoder.wavefit.FirstWave.Blocks;
import java.util.ArrayList;
import java.util.List;

/** The first waveform of one utterance, as far as its frames are known. */
final class FirstWaveStream {
  private final FirstWave firstWave;
  private final WaveFitConfig config;
  private final long seed;
  private final FrameBuffer frames;
  private Block previous = Block.none();
  private int next;

  FirstWaveStream(FirstWave firstWave, WaveFitConfig config, long seed) {
    this.firstWave = firstWave;
    this.config = config;
    this.seed = seed;
    this.frames = new FrameBuffer(config.features().nMels());
  }

  /**
   * What the iterations begin with, up to the last block that all frames are there for.
   *
   * @param logMel the frames that follow, finite values
   * @param isLast whether none follow
   */
  Stretch push(LogMel logMel, boolean isLast) {
    frames.append(logMel.frames());
    Blocks sizes = firstWave.blocks();
    List<Stretch> made = new ArrayList<>();
    while (isLast ? next < frames.end() : next + sizes.frames() + sizes.after() <= frames.end()) {
      made.add(block(sizes));
    }
    frames.forget(next - sizes.before());
    return Stretch.join(made);
  }

  /** Frames held. */
  int heldFrames() {
    return frames.size();
  }

  private Stretch block(Blocks sizes) {
    int from = Math.max(0, next - sizes.before());
    int end = Math.min(next + sizes.frames(), frames.end());
    int to = Math.min(next + sizes.frames() + sizes.after(), frames.end());
    LogMel around = new LogMel(frames.slice(from, to), config.features());
    Block block = firstWave.next(around, next, previous, seed);
    float[] normalised = around.slice(next - from, end - from).normalised();
    previous = block;
    next = end;
    return new Stretch(block.samples(), normalised, block.power());
  }
}
