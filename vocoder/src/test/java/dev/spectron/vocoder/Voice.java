package dev.spectron.vocoder;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.MelFilterBank;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Stft;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A signal with what matters in speech: moving pitch, formants, hiss and pauses. */
public final class Voice {
  private Voice() {}

  /** Features small enough for a transform by definition. */
  public static FeatureSpec toyFeatures() {
    return new FeatureSpec(8000, 64, 48, 12, 10, 50, 4000, 1e-3, Normalisation.none());
  }

  /** Features of a small model. */
  public static FeatureSpec miniFeatures() {
    return new FeatureSpec(16_000, 1024, 800, 200, 80, 20, 8000, 1e-3, Normalisation.none());
  }

  /** Voice and hiss in turn, a pause after each four, all in a room that is not quite silent. */
  public static float[] samples(int size, int sampleRate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] samples = new float[size];
    double phase = 0;
    for (int i = 0; i < size; i++) {
      double time = i / (double) sampleRate;
      phase += 2 * Math.PI * (120 + 25 * Math.sin(7 * time)) / sampleRate;
      double sound =
          switch ((int) (time / 0.12) % 5) {
            case 0, 2 ->
                voiced(phase, 500 + 250 * Math.sin(9 * time), 1700 + 400 * Math.cos(5 * time));
            case 1, 3 -> 0.02 * random.nextGaussian();
            default -> 0;
          };
      samples[i] = (float) (sound + 0.0005 * random.nextGaussian());
    }
    return samples;
  }

  private static double voiced(double phase, double formant1, double formant2) {
    double sum = 0;
    for (int harmonic = 1; harmonic <= 25; harmonic++) {
      double hertz = 120 * harmonic;
      double near1 = (hertz - formant1) / 200;
      double near2 = (hertz - formant2) / 300;
      double size = 0.15 / (1 + near1 * near1) + 0.05 / (1 + near2 * near2);
      sum += size * Math.sin(harmonic * phase + 0.3 * harmonic * harmonic);
    }
    return sum;
  }

  /** The log-mel of samples, one frame fewer than centred frames have: {@code samples / hop}. */
  public static LogMel logMel(float[] samples, FeatureSpec spec) {
    float[] mel = new MelFilterBank(spec).apply(new Stft(spec).magnitude(samples));
    for (int i = 0; i < mel.length; i++) {
      mel[i] = (float) Math.log(Math.max(mel[i], spec.floor()));
    }
    return new LogMel(mel, spec).slice(0, samples.length / spec.hopLength());
  }

  /** The log-mel of silence. */
  public static LogMel silence(int time, FeatureSpec spec) {
    float[] frames = new float[time * spec.nMels()];
    Arrays.fill(frames, (float) Math.log(spec.floor()));
    return new LogMel(frames, spec);
  }

  /** Whether every sample is 0, of either sign. */
  public static boolean isSilent(float[] samples) {
    float sum = 0;
    for (float sample : samples) {
      sum += Math.abs(sample);
    }
    return sum == 0;
  }

  /** Largest |a − b|. */
  public static double largestDifference(float[] a, float[] b) {
    double largest = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** Mean |a − b|. */
  public static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }
}
