package dev.spectron.vocoder.wavefit;

import dev.spectron.core.signal.ComplexSpectrogram;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Fft;
import dev.spectron.core.signal.Stft;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Noise that already has the spectral envelope of the speech: iSTFT(M ⊙ STFT(ε)), ε normal. The
 * envelope is what the first cepstral coefficients of log |X| keep; folding the cepstrum onto
 * positive times makes M its minimum-phase filter. M is divided by the root of the window's energy,
 * so that the noise has the power of the magnitudes and not of a window of them. Source: Koizumi et
 * al. 2022, SpecGrad, arXiv 2203.16749.
 */
final class NoiseShaper {
  private final Stft stft;
  private final Fft fft;
  private final int lifterOrder;
  private final double floor;
  private final double windowEnergy;

  NoiseShaper(FeatureSpec spec, int lifterOrder) {
    this.stft = new Stft(spec);
    this.fft = new Fft(spec.nFft());
    this.lifterOrder = lifterOrder;
    this.floor = spec.floor();
    this.windowEnergy = stft.windowEnergy();
  }

  /**
   * Mean power of samples with the given magnitudes.
   *
   * @param magnitude row-major {@code [time, bins]}, at least one frame
   */
  double power(float[] magnitude) {
    double sum = 0;
    for (float value : magnitude) {
      sum += (double) value * value;
    }
    return sum / magnitude.length / windowEnergy;
  }

  /**
   * Shaped noise.
   *
   * @param magnitude row-major {@code [time, bins]}, at least one frame
   * @return {@code time · hopLength} samples
   */
  float[] shape(float[] magnitude, RandomGenerator random) {
    int time = magnitude.length / stft.bins();
    float[] noise = new float[Math.multiplyExact(time, stft.hopLength())];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    ComplexSpectrogram spectrogram = stft.transform(noise);
    float[] filterRe = new float[stft.bins()];
    float[] filterIm = new float[stft.bins()];
    float[] cepstrum = new float[fft.size()];
    Fft.Workspace workspace = fft.workspace();
    for (int t = 0; t < spectrogram.time(); t++) {
      if (t < time) {
        logMagnitude(magnitude, t, filterRe);
        minimumPhase(filterRe, filterIm, cepstrum, workspace);
      }
      multiply(spectrogram, t, filterRe, filterIm);
    }
    return stft.inverse(spectrogram, noise.length);
  }

  private void logMagnitude(float[] magnitude, int t, float[] log) {
    int first = t * log.length;
    for (int k = 0; k < log.length; k++) {
      log[k] = (float) Math.log(Math.max(magnitude[first + k], floor));
    }
  }

  /** From log |X| in {@code re} to the minimum-phase filter of its envelope in both. */
  private void minimumPhase(float[] re, float[] im, float[] cepstrum, Fft.Workspace workspace) {
    Arrays.fill(im, 0);
    fft.inverse(re, im, cepstrum, workspace);
    for (int n = 1; n < lifterOrder; n++) {
      cepstrum[n] *= 2;
    }
    Arrays.fill(cepstrum, lifterOrder, cepstrum.length, 0);
    fft.forward(cepstrum, re, im, workspace);
    double scale = 1 / Math.sqrt(windowEnergy);
    for (int k = 0; k < re.length; k++) {
      double size = scale * Math.exp(re[k]);
      double phase = im[k];
      re[k] = (float) (size * Math.cos(phase));
      im[k] = (float) (size * Math.sin(phase));
    }
  }

  private static void multiply(ComplexSpectrogram spectrogram, int t, float[] re, float[] im) {
    int first = t * re.length;
    for (int k = 0; k < re.length; k++) {
      float a = spectrogram.re()[first + k];
      float b = spectrogram.im()[first + k];
      spectrogram.re()[first + k] = a * re[k] - b * im[k];
      spectrogram.im()[first + k] = a * im[k] + b * re[k];
    }
  }
}
