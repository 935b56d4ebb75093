package dev.spectron.audio;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.FrontEnd;

/**
 * Log-mel frames as imported encoders had them in training, in double precision: their features
 * must be met to the fourth digit, and a plain Fourier sum of 400 samples costs a hundredth of what
 * the encoder does with it. Sources: Kaldi's {@code compute-fbank-feats}; Slaney 1998, Auditory
 * Toolbox. Immutable.
 */
final class ImportedFrames {
  private static final double PRE_EMPHASIS = 0.97;
  private static final double POVEY = 0.85;

  private final FeatureSpec spec;
  private final boolean kaldi;
  private final double[] window;
  private final double[] cos;
  private final double[] sin;
  private final double[][] filters;

  /** For one of the front ends {@link FrontEnd#KALDI} and {@link FrontEnd#PARAKEET}. */
  ImportedFrames(FeatureSpec spec) {
    this.spec = spec;
    this.kaldi = spec.frontEnd() == FrontEnd.KALDI;
    this.window = new double[spec.winLength()];
    for (int i = 0; i < window.length; i++) {
      double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (window.length - 1));
      window[i] = kaldi ? Math.pow(hann, POVEY) : hann;
    }
    this.cos = new double[spec.nFft()];
    this.sin = new double[spec.nFft()];
    for (int i = 0; i < cos.length; i++) {
      cos[i] = Math.cos(2 * Math.PI * i / cos.length);
      sin[i] = Math.sin(2 * Math.PI * i / cos.length);
    }
    this.filters = kaldi ? kaldiFilters(spec) : slaneyFilters(spec);
  }

  /**
   * Raw frames.
   *
   * @param samples at the rate of the spec
   * @return {@code [spec.frames(samples), n_mels]}
   */
  float[] extract(float[] samples) {
    int time = spec.frames(samples.length);
    float[] frames = new float[Math.multiplyExact(time, spec.nMels())];
    double[] frame = new double[spec.winLength()];
    double[] power = new double[spec.nFft() / 2 + 1];
    for (int t = 0; t < time; t++) {
      if (kaldi) {
        cutWithin(samples, t * spec.hopLength(), frame);
      } else {
        cutAround(samples, t * spec.hopLength(), frame);
      }
      power(frame, power);
      for (int m = 0; m < spec.nMels(); m++) {
        double sum = 0;
        for (int k = 0; k < power.length; k++) {
          sum += filters[m][k] * power[k];
        }
        double value = kaldi ? Math.max(sum, spec.floor()) : sum + spec.floor();
        frames[t * spec.nMels() + m] = (float) Math.log(value);
      }
    }
    return frames;
  }

  /** A frame that begins at a sample, its mean removed, then emphasised within itself. */
  private void cutWithin(float[] samples, int from, double[] frame) {
    double mean = 0;
    for (int i = 0; i < frame.length; i++) {
      frame[i] = samples[from + i] * 32768.0;
      mean += frame[i] / frame.length;
    }
    for (int i = frame.length - 1; i >= 0; i--) {
      double before = frame[Math.max(0, i - 1)] - mean;
      frame[i] = (frame[i] - mean - PRE_EMPHASIS * before) * window[i];
    }
  }

  /** A frame around a sample, of the emphasised signal, with zeros beyond its ends. */
  private void cutAround(float[] samples, int centre, double[] frame) {
    for (int i = 0; i < frame.length; i++) {
      int at = centre - frame.length / 2 + i;
      double x = at < 0 || at >= samples.length ? 0 : samples[at];
      double before = at < 1 || at >= samples.length ? 0 : samples[at - 1];
      frame[i] = (float) (x - (at < 1 ? 0 : PRE_EMPHASIS * before)) * window[i];
    }
  }

  private void power(double[] frame, double[] power) {
    for (int k = 0; k < power.length; k++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < frame.length; i++) {
        int angle = k * i & cos.length - 1;
        re += frame[i] * cos[angle];
        im += frame[i] * sin[angle];
      }
      power[k] = re * re + im * im;
    }
  }

  /** Triangles over 1127·ln(1 + f / 700), linear in mel. */
  private static double[][] kaldiFilters(FeatureSpec spec) {
    double low = kaldiMel(spec.fMin());
    double step = (kaldiMel(spec.fMax()) - low) / (spec.nMels() + 1);
    double[][] filters = new double[spec.nMels()][spec.nFft() / 2 + 1];
    for (int m = 0; m < filters.length; m++) {
      for (int k = 0; k < filters[m].length; k++) {
        double mel = kaldiMel(k * (double) spec.sampleRate() / spec.nFft());
        double rise = (mel - (low + m * step)) / step;
        filters[m][k] = Math.max(0, Math.min(rise, 2 - rise));
      }
    }
    return filters;
  }

  private static double kaldiMel(double hertz) {
    return 1127 * Math.log(1 + hertz / 700);
  }

  /** Triangles of equal area over a scale that is linear up to 1000 Hz and logarithmic above. */
  private static double[][] slaneyFilters(FeatureSpec spec) {
    double low = slaneyMel(spec.fMin());
    double step = (slaneyMel(spec.fMax()) - low) / (spec.nMels() + 1);
    double[][] filters = new double[spec.nMels()][spec.nFft() / 2 + 1];
    for (int m = 0; m < filters.length; m++) {
      double left = slaneyHertz(low + m * step);
      double centre = slaneyHertz(low + (m + 1) * step);
      double right = slaneyHertz(low + (m + 2) * step);
      for (int k = 0; k < filters[m].length; k++) {
        double f = k * (double) spec.sampleRate() / spec.nFft();
        double height = Math.min((f - left) / (centre - left), (right - f) / (right - centre));
        filters[m][k] = (float) (Math.max(0, height) * 2 / (right - left));
      }
    }
    return filters;
  }

  private static double slaneyMel(double hertz) {
    return hertz < 1000 ? hertz * 3 / 200 : 15 + 27 * Math.log(hertz / 1000) / Math.log(6.4);
  }

  private static double slaneyHertz(double mel) {
    return mel < 15 ? mel * 200 / 3 : 1000 * Math.exp(Math.log(6.4) / 27 * (mel - 15));
  }
}
