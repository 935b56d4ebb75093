package dev.spectron.training.corpus;

/**
 * Reads a sampled sound at evenly spaced instants of any spacing: changes the rate, and with it
 * pitch and formants.
 *
 * <p>y[n] = Σₖ x[k] · c · sinc(c·(n·step − k)) · hann(c·(n·step − k)/16), where c = min(1, 1/step)
 * keeps the result free of aliases. Source: Smith, Digital Audio Resampling Home Page. {@link
 * StrictMath} makes the bits equal on every machine.
 */
final class SincInterpolator {
  private static final int ZERO_CROSSINGS = 16;
  private static final int STEPS_PER_CROSSING = 512;
  private static final double PASSBAND = 0.95;

  private final float[] kernel = kernel();

  /**
   * Reads the sound every {@code step} samples.
   *
   * @param x any number of samples
   * @param step input samples an output sample, 0.1 to 10
   * @return ⌊(length − 1)/step⌋ + 1 samples; none if there were none
   */
  float[] resample(float[] x, double step) {
    if (!(step >= 0.1 && step <= 10)) {
      throw new IllegalArgumentException("resample: expected a step of 0.1 to 10, found " + step);
    }
    if (x.length == 0) {
      return x;
    }
    float[] y = new float[(int) ((x.length - 1) / step) + 1];
    double cutoff = PASSBAND * Math.min(1, 1 / step);
    for (int n = 0; n < y.length; n++) {
      y[n] = at(x, n * step, cutoff);
    }
    return y;
  }

  private float at(float[] x, double instant, double cutoff) {
    double reach = ZERO_CROSSINGS / cutoff;
    int first = Math.max(0, (int) Math.ceil(instant - reach));
    int last = Math.min(x.length - 1, (int) Math.floor(instant + reach));
    double sum = 0;
    for (int k = first; k <= last; k++) {
      double place = Math.abs(instant - k) * cutoff * STEPS_PER_CROSSING;
      int index = (int) place;
      double fraction = place - index;
      sum += x[k] * (kernel[index] + fraction * (kernel[index + 1] - kernel[index]));
    }
    return (float) (sum * cutoff);
  }

  private static float[] kernel() {
    float[] kernel = new float[ZERO_CROSSINGS * STEPS_PER_CROSSING + 2];
    kernel[0] = 1;
    for (int i = 1; i < kernel.length - 2; i++) {
      double t = i / (double) STEPS_PER_CROSSING;
      double sinc = StrictMath.sin(StrictMath.PI * t) / (StrictMath.PI * t);
      double hann = 0.5 + 0.5 * StrictMath.cos(StrictMath.PI * t / ZERO_CROSSINGS);
      kernel[i] = (float) (sinc * hann);
    }
    return kernel;
  }
}
