package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.spectrum.ExpectedFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * WaveFit on one utterance whose frames come bit by bit. All samples together are those of {@link
 * WaveFit#synthesize}, however the frames are cut, up to rounding: a back end may add up in another
 * order in a convolution over fewer frames. After k frames at least k − {@link WaveFit#lookahead()}
 * are sound. Memory does not grow with the utterance. For one thread, that of its back end.
 */
public final class WaveFitStream {
  /** Frames worked on at once at most, so that memory does not grow with what is pushed either. */
  static final int MOST_FRAMES = 64;

  private final ExpectedFeatures features;
  private final FirstWaveStream firstWave;
  private final List<IterationStream> iterations;

  /** One element, or none. */
  private final List<PolishStream> polish;

  private int frames;
  private boolean finished;

  WaveFitStream(
      Backend backend,
      WaveFitConfig config,
      Generator generator,
      FirstWaveStream firstWave,
      List<PolishStream> polish) {
    this.features = new ExpectedFeatures(config.features());
    this.firstWave = firstWave;
    this.iterations =
        IntStream.range(0, config.iterations())
            .mapToObj(i -> new IterationStream(backend, generator, config, i))
            .toList();
    this.polish = polish;
  }

  /**
   * Takes the frames that follow.
   *
   * @param logMel any number of frames, also none
   * @return the samples that are final by now and were not returned before, in whole frames; not
   *     limited to [−1, 1]
   * @throws AudioException if the features are not those of the vocoder or a value is not finite;
   *     the frames then do not count
   */
  public float[] push(LogMel logMel) {
    requireOpen();
    features.check(logMel, frames);
    frames = Math.addExact(frames, logMel.time());
    List<float[]> made = new ArrayList<>();
    for (int from = 0; from < logMel.time(); from += MOST_FRAMES) {
      int to = Math.min(logMel.time(), from + MOST_FRAMES);
      made.add(pass(logMel.slice(from, to), false));
    }
    return Stretch.joined(made);
  }

  /** Ends the utterance and returns the rest of its samples. */
  public float[] finish() {
    requireOpen();
    finished = true;
    return pass(new LogMel(new float[0], features.spec()), true);
  }

  /** Frames held in all buffers. */
  int heldFrames() {
    return firstWave.heldFrames()
        + iterations.stream().mapToInt(IterationStream::heldFrames).sum()
        + polish.stream().mapToInt(PolishStream::heldFrames).sum();
  }

  private float[] pass(LogMel logMel, boolean isLast) {
    Stretch stretch = firstWave.push(logMel, isLast);
    for (IterationStream iteration : iterations) {
      stretch = iteration.push(stretch, isLast);
    }
    float[] wave = stretch.wave();
    for (PolishStream stream : polish) {
      wave = stream.push(logMel, wave, isLast);
    }
    return wave;
  }

  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException(
          "vocoder: the stream is finished; open another one for another utterance");
    }
  }
}
