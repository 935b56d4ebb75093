package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * Tells the generator which iteration it is in: sin and cos of p·10⁻⁴ʲᐟʰ, j = 0 … h − 1, h half the
 * channels, where p runs from 0 to 5000 in equal steps over the iterations. A fixed table: WaveGrad
 * encodes a noise level instead, which WaveFit does not have.
 *
 * @param iterations how many there are
 * @param channels even
 */
record StepEncoding(int iterations, int channels) {
  private static final double LAST_POSITION = 5000;

  /**
   * x plus the encoding at every sample.
   *
   * @param x {@code [batch, time, channels]}
   * @param iteration counted from 0
   * @return the same shape, in the current scope
   */
  Tensor addTo(Backend backend, Tensor x, int iteration) {
    int batch = x.shape().size(0);
    float[] encoding = at(iteration);
    float[] rows = new float[Math.multiplyExact(batch, channels)];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(encoding, 0, rows, row * channels, channels);
    }
    Tensor once = backend.upload(rows, Shape.of(batch, 1, channels));
    return backend.add(x, backend.upsampleTime(once, x.shape().size(1)));
  }

  /** The encoding of one iteration: first the sines, then the cosines. */
  float[] at(int iteration) {
    double position = iterations == 1 ? 0 : LAST_POSITION * iteration / (iterations - 1);
    int half = channels / 2;
    float[] encoding = new float[channels];
    for (int j = 0; j < half; j++) {
      double angle = position * Math.pow(10_000, -(double) j / half);
      encoding[j] = (float) Math.sin(angle);
      encoding[half + j] = (float) Math.cos(angle);
    }
    return encoding;
  }
}
