package dev.spectron.core.signal;

import dev.spectron.core.error.ShapeException;

/**
 * A complex spectrogram, {@code [time, bins]}, parts in arrays of their own. The arrays are shared,
 * not copied: whoever makes one says whether they may change.
 *
 * @param bins frequencies of a frame, above 0
 * @param re real parts, row-major {@code [time, bins]}
 * @param im imaginary parts, row-major {@code [time, bins]}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, like a waveform
public record ComplexSpectrogram(int bins, float[] re, float[] im) {
  /**
   * Checks the sizes.
   *
   * @throws ShapeException if the parts differ in size or are not whole frames
   */
  public ComplexSpectrogram {
    if (bins < 1 || re.length != im.length || re.length % bins != 0) {
      throw new ShapeException(
          "complex spectrogram: expected two parts of whole frames of %d bins, found %d and %d values"
              .formatted(bins, re.length, im.length));
    }
  }

  /** Number of frames. */
  public int time() {
    return re.length / bins;
  }

  /** |X| of every bin, row-major {@code [time, bins]}. */
  public float[] magnitude() {
    float[] magnitude = new float[re.length];
    for (int i = 0; i < magnitude.length; i++) {
      magnitude[i] = (float) Math.sqrt(re[i] * re[i] + im[i] * im[i]);
    }
    return magnitude;
  }

  /**
   * Gives every bin another magnitude and leaves its phase.
   *
   * @param magnitude row-major {@code [time, bins]}
   */
  void scaleTo(float[] magnitude) {
    for (int i = 0; i < magnitude.length; i++) {
      float found = (float) Math.sqrt(re[i] * re[i] + im[i] * im[i]);
      float scale = magnitude[i] / Math.max(found, 1e-16f);
      re[i] *= scale;
      im[i] *= scale;
    }
  }
}
