package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * y = z·sqrt(P / (mean |STFT(z)|² + 10⁻⁸)): gives a waveform the mean power P that its log-mel asks
 * for, over the whole utterance and all bins. The root is a deviation: without it, as the paper
 * prints the ratio, the power would not become P. Source: Koizumi et al. 2022, arXiv 2210.01029.
 *
 * <p>The power is measured on the host, so in training the gain counts as a constant.
 *
 * @param nFft FFT size
 * @param winLength samples of the window
 * @param hopLength samples between frames
 */
record GainAdjustment(int nFft, int winLength, int hopLength) {
  private static final double EPSILON = 1e-8;

  /** With the sizes of {@code spec}. */
  static GainAdjustment of(FeatureSpec spec) {
    return new GainAdjustment(spec.nFft(), spec.winLength(), spec.hopLength());
  }

  /** Samples below which there is no power spectrogram. */
  int fewestSamples() {
    return nFft / 2 + 1;
  }

  /**
   * Applies the gain.
   *
   * @param z {@code [batch, samples, 1]}
   * @param power P of each row
   * @return the shape of {@code z}, in the current scope
   */
  Tensor apply(Backend backend, Tensor z, double[] power) {
    double[] found = power(backend, z);
    float[] gains = new float[power.length];
    for (int row = 0; row < gains.length; row++) {
      gains[row] = (float) Math.sqrt(power[row] / (found[row] + EPSILON));
    }
    Tensor gain = backend.upload(gains, Shape.of(gains.length, 1, 1));
    return backend.multiply(z, backend.upsampleTime(gain, z.shape().size(1)));
  }

  /**
   * Mean power of each row, over the frames that begin within it: the one centred on its end would
   * count the last samples twice.
   */
  double[] power(Backend backend, Tensor z) {
    Tensor spectrogram = backend.powerSpectrogram(z, nFft, winLength, hopLength);
    float[] values = backend.download(spectrogram);
    int perRow = values.length / z.shape().size(0);
    int counted = z.shape().size(1) / hopLength * spectrogram.shape().size(2);
    double[] mean = new double[z.shape().size(0)];
    for (int row = 0; row < mean.length; row++) {
      for (int i = 0; i < counted; i++) {
        mean[row] += values[row * perRow + i];
      }
      mean[row] /= counted;
    }
    return mean;
  }
}
