package dev.spectron.core.signal;

import dev.spectron.core.error.ShapeException;
import java.util.SplittableRandom;

/**
 * A waveform from magnitudes alone: the fast Griffin–Lim algorithm. Each iteration goes to the
 * nearest spectrogram that a signal can have, cₙ, runs ahead to tₙ = cₙ + α·(cₙ − cₙ₋₁), and puts
 * the wanted magnitudes back on the phases of tₙ. Source: Perraudin, Balazs and Søndergaard 2013,
 * algorithm 2; α = 0 is Griffin and Lim 1984.
 *
 * @param stft the transform the magnitudes come from
 * @param iterations at least 0
 * @param momentum α, from 0 to below 1.25; the paper's 0.99 is a good choice
 * @param seed equal seeds give equal first phases
 */
public record GriffinLim(Stft stft, int iterations, float momentum, long seed) {
  /** Checks the values. */
  public GriffinLim {
    if (iterations < 0 || !(momentum >= 0 && momentum < 1.25f)) {
      throw new IllegalArgumentException(
          "griffin-lim: expected iterations >= 0 and momentum from 0 to below 1.25, found %d and %s"
              .formatted(iterations, momentum));
    }
  }

  /** What the magnitudes should be, asked again before every iteration puts them on its phases. */
  @FunctionalInterface
  public interface Target {
    /**
     * Changes the target.
     *
     * @param iteration counted from 0
     * @param consistent the spectrogram of the present signal; not to be changed
     * @param magnitude the target so far, row-major {@code [time, bins]}, changed in place
     */
    void refine(int iteration, ComplexSpectrogram consistent, float[] magnitude);
  }

  /**
   * A signal whose magnitudes come close to those given, from random phases.
   *
   * @param magnitude row-major {@code [time, stft.bins()]}, each at least 0
   * @param samples length of the result, at most {@code time · hopLength}
   * @throws ShapeException if the sizes do not fit
   */
  public float[] synthesize(float[] magnitude, int samples) {
    check(magnitude.length, stft.bins(), samples);
    return synthesize(randomPhases(magnitude), (i, consistent, target) -> {}, samples);
  }

  /**
   * A signal whose magnitudes come close to a target.
   *
   * @param ahead the first target with the first phases; overwritten
   * @param target what becomes of the target
   * @param samples length of the result, at most {@code time · hopLength}
   * @throws ShapeException if the sizes do not fit
   */
  public float[] synthesize(ComplexSpectrogram ahead, Target target, int samples) {
    check(ahead.re().length, ahead.bins(), samples);
    float[] magnitude = ahead.magnitude();
    ComplexSpectrogram consistent = like(ahead);
    ComplexSpectrogram previous = like(ahead);
    float[] weight = stft.squaredWindows(ahead.time(), samples);
    float[] signal = new float[samples];
    Stft.Workspace workspace = stft.workspace();
    for (int i = 0; i < iterations; i++) {
      stft.inverse(ahead, signal, weight, workspace);
      stft.transform(signal, consistent, workspace);
      target.refine(i, consistent, magnitude);
      runAhead(ahead.re(), consistent.re(), previous.re(), i == 0 ? 0 : momentum);
      runAhead(ahead.im(), consistent.im(), previous.im(), i == 0 ? 0 : momentum);
      ahead.scaleTo(magnitude);
      ComplexSpectrogram swap = previous;
      previous = consistent;
      consistent = swap;
    }
    stft.inverse(ahead, signal, weight, workspace);
    return signal;
  }

  private void check(int values, int bins, int samples) {
    int frames = values / stft.bins();
    if (bins != stft.bins()
        || frames * stft.bins() != values
        || samples < 0
        || samples > (long) frames * stft.hopLength()) {
      throw new ShapeException(
          "griffin-lim: expected whole frames of %d bins for %d samples at hop %d, found %d values"
              .formatted(stft.bins(), samples, stft.hopLength(), values));
    }
  }

  private ComplexSpectrogram randomPhases(float[] magnitude) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] re = new float[magnitude.length];
    float[] im = new float[magnitude.length];
    for (int i = 0; i < magnitude.length; i++) {
      double phase = 2 * Math.PI * random.nextDouble();
      re[i] = (float) (magnitude[i] * Math.cos(phase));
      im[i] = (float) (magnitude[i] * Math.sin(phase));
    }
    return new ComplexSpectrogram(stft.bins(), re, im);
  }

  private static ComplexSpectrogram like(ComplexSpectrogram other) {
    int length = other.re().length;
    return new ComplexSpectrogram(other.bins(), new float[length], new float[length]);
  }

  private static void runAhead(float[] ahead, float[] now, float[] before, float momentum) {
    for (int i = 0; i < ahead.length; i++) {
      ahead[i] = now[i] + momentum * (now[i] - before[i]);
    }
  }
}
