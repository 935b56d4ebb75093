package dev.spectron.vocoder.wavefit;

import dev.spectron.core.signal.ComplexSpectrogram;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Fft;
import dev.spectron.core.signal.Stft;
import java.util.Arrays;
import java.util.SplittableRandom;

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
   * Mean power of samples with the given magnitudes, frame by frame.
   *
   * @param magnitude row-major {@code [time, bins]}
   * @return {@code [time]}
   */
  float[] power(float[] magnitude) {
    float[] power = new float[magnitude.length / stft.bins()];
    for (int t = 0; t < power.length; t++) {
      double sum = 0;
      for (int i = t * stft.bins(); i < (t + 1) * stft.bins(); i++) {
        sum += (double) magnitude[i] * magnitude[i];
      }
      power[t] = (float) (sum / stft.bins() / windowEnergy);
    }
    return power;
  }

  /**
   * White noise. That of a frame is decided by its place in the utterance and not by what was asked
   * for before.
   *
   * @param seed equal seeds give equal noise
   * @param first index of the first frame
   * @param time frames
   * @return {@code time · hopLength} samples of variance 1
   */
  float[] white(long seed, int first, int time) {
    int hop = stft.hopLength();
    float[] noise = new float[Math.multiplyExact(time, hop)];
    for (int t = 0; t < time; t++) {
      // Two steps, so that the draws of one frame are not those of the next moved by one.
      long ofFrame = new SplittableRandom(seed + first + t).nextLong();
      SplittableRandom random = new SplittableRandom(ofFrame);
      for (int i = 0; i < hop; i++) {
        noise[t * hop + i] = (float) random.nextGaussian();
      }
    }
    return noise;
  }

  /**
   * Shaped noise. A sample is decided by what stands within a window's length of it.
   *
   * @param magnitude row-major {@code [time, bins]}, at least one frame
   * @param noise {@code time · hopLength} samples
   * @return as many samples
   */
  float[] shape(float[] magnitude, float[] noise) {
    int time = magnitude.length / stft.bins();
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
