package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;

/** Power spectrogram by the definition of the discrete Fourier transform. */
final class ReferenceSpectrogram {
  private final int nFft;
  private final int hopLength;
  private final double[] window;
  private final double[] cosine;
  private final double[] sine;

  ReferenceSpectrogram(int nFft, int winLength, int hopLength) {
    this.nFft = nFft;
    this.hopLength = hopLength;
    this.window = new double[nFft];
    for (int n = 0; n < winLength; n++) {
      window[(nFft - winLength) / 2 + n] = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / winLength);
    }
    this.cosine = new double[nFft];
    this.sine = new double[nFft];
    for (int n = 0; n < nFft; n++) {
      cosine[n] = Math.cos(2 * Math.PI * n / nFft);
      sine[n] = Math.sin(2 * Math.PI * n / nFft);
    }
  }

  double[] power(double[] x, int samples, Shape shape) {
    int frames = shape.size(1);
    int bins = shape.size(2);
    double[] y = new double[shape.arrayLength()];
    double[] frame = new double[nFft];
    for (int row = 0; row < shape.size(0); row++) {
      for (int t = 0; t < frames; t++) {
        for (int n = 0; n < nFft; n++) {
          int sample = reflect(t * hopLength + n - nFft / 2, samples);
          frame[n] = window[n] * x[row * samples + sample];
        }
        for (int bin = 0; bin < bins; bin++) {
          y[(row * frames + t) * bins + bin] = power(frame, bin);
        }
      }
    }
    return y;
  }

  private double power(double[] frame, int bin) {
    double real = 0;
    double imaginary = 0;
    for (int n = 0; n < nFft; n++) {
      int turn = (int) ((long) n * bin % nFft);
      real += frame[n] * cosine[turn];
      imaginary -= frame[n] * sine[turn];
    }
    return real * real + imaginary * imaginary;
  }

  /** The sample that stands at {@code index} once the ends are mirrored without repeating them. */
  private static int reflect(int index, int samples) {
    int fromStart = Math.abs(index);
    return fromStart < samples ? fromStart : 2 * (samples - 1) - fromStart;
  }
}
