package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * y = z·sqrt(P / (mean z² + 10⁻⁸)): gives a waveform the mean power P that its log-mel asks for.
 * Source: Koizumi et al. 2022, arXiv 2210.01029, with two deviations. The root: without it, as the
 * paper prints the ratio, the power would not become P. And the power is that of the samples, not
 * of an STFT of them, which is the same up to a factor, the ends and two bins (Parseval), costs one
 * pass, and has a gradient: a gain that counted as a constant would let z grow or fade unnoticed.
 */
final class GainAdjustment {
  private static final float EPSILON = 1e-8f;

  private GainAdjustment() {}

  /**
   * Applies the gain.
   *
   * @param z {@code [batch, samples, 1]}
   * @param power P of each row
   * @return the shape of {@code z}, in the current scope
   */
  static Tensor apply(Backend backend, Tensor z, double[] power) {
    int samples = z.shape().size(1);
    float[] roots = new float[power.length];
    for (int row = 0; row < roots.length; row++) {
      roots[row] = (float) Math.sqrt(power[row]);
    }
    Tensor rows = backend.reshape(z, Shape.of(power.length, 1, samples));
    Tensor unit = backend.reshape(backend.rmsNorm(rows, Weight.none(), EPSILON), z.shape());
    Tensor root = backend.upload(roots, Shape.of(power.length, 1, 1));
    return backend.multiply(unit, backend.upsampleTime(root, samples));
  }
}
