package dev.spectron.vocoder.wavefit;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.griffinlim.GriffinLimBlocks;
import dev.spectron.vocoder.spectrum.MelInversion;
import java.util.Arrays;

/**
 * Where the fixed-point iteration begins: a waveform that has the spectrogram already, roughly. It
 * is made block by block, so that it does not matter whether the end is known.
 */
interface FirstWave {
  /** Frames of a block and of what it is made from. */
  Blocks blocks();

  /**
   * Sizes in frames.
   *
   * @param frames of a block, a multiple of {@link GainAdjustment#STEP}
   * @param before the block; fewer where the utterance begins
   * @param after the block; fewer where it ends
   */
  record Blocks(int frames, int before, int after) {}

  /**
   * The next block.
   *
   * @param around the block's frames and those before and after it, finite values
   * @param first index of the block's first frame
   * @param previous the block before, or {@link Block#none()}
   * @param seed decides whatever chance decides
   */
  Block next(LogMel around, int first, Block previous, long seed);

  /**
   * A block of the waveform and the power it should have.
   *
   * @param samples {@code frames · hopLength}, fewer at the end
   * @param power mean square of each frame
   * @param known what the next block goes on from, as its maker likes
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Block(float[] samples, float[] power, GriffinLimBlocks.Block known) {
    static Block none() {
      return new Block(new float[0], new float[0], GriffinLimBlocks.Block.none());
    }
  }

  /** The one a vocoder was trained with. */
  static FirstWave of(WaveFitConfig config) {
    return config.phaseIterations() == 0 ? new ShapedNoise(config) : new RetrievedPhases(config);
  }

  /** As in the paper. Its level is chance; the power is that of the smoothest magnitudes. */
  final class ShapedNoise implements FirstWave {
    private final MelInversion inversion;
    private final NoiseShaper shaper;
    private final Blocks blocks;
    private final int hopLength;

    private ShapedNoise(WaveFitConfig config) {
      FeatureSpec spec = config.features();
      this.inversion = new MelInversion(spec);
      this.shaper = new NoiseShaper(spec, config.lifterOrder());
      int window = Math.ceilDiv(spec.winLength(), spec.hopLength());
      this.blocks = new Blocks(GainAdjustment.STEP, window, window);
      this.hopLength = spec.hopLength();
    }

    @Override
    public Blocks blocks() {
      return blocks;
    }

    @Override
    public Block next(LogMel around, int first, Block previous, long seed) {
      int from = Math.min(first, blocks.before);
      int to = Math.min(around.time(), from + blocks.frames);
      float[] magnitude = inversion.magnitude(inversion.mel(around));
      float[] noise = shaper.white(seed, first - from, around.time());
      return new Block(
          Arrays.copyOfRange(shaper.shape(magnitude, noise), from * hopLength, to * hopLength),
          Arrays.copyOfRange(shaper.power(magnitude), from, to),
          GriffinLimBlocks.Block.none());
    }
  }

  /** A waveform whose mel values were fitted has the power already. */
  final class RetrievedPhases implements FirstWave {
    private static final Blocks BLOCKS =
        new Blocks(GriffinLimBlocks.FRAMES, GriffinLimBlocks.BEFORE, GriffinLimBlocks.AFTER);

    private final GriffinLimBlocks griffinLim;
    private final int hopLength;

    private RetrievedPhases(WaveFitConfig config) {
      this.griffinLim = GriffinLimBlocks.of(config.phaseIterations(), config.features());
      this.hopLength = config.features().hopLength();
    }

    @Override
    public Blocks blocks() {
      return BLOCKS;
    }

    @Override
    public Block next(LogMel around, int first, Block previous, long seed) {
      GriffinLimBlocks.Block made = griffinLim.next(around, previous.known);
      return new Block(made.samples(), power(made.samples()), made);
    }

    private float[] power(float[] samples) {
      float[] power = new float[samples.length / hopLength];
      for (int t = 0; t < power.length; t++) {
        double sum = 0;
        for (int i = t * hopLength; i < (t + 1) * hopLength; i++) {
          sum += (double) samples[i] * samples[i];
        }
        power[t] = (float) (sum / hopLength);
      }
      return power;
    }
  }
}
