package dev.spectron.training.plot;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.signal.LogMel;

/**
 * One spectrogram of a picture.
 *
 * @param label what it is, such as {@code question}
 * @param text what is said in it; may be empty
 * @param values natural logarithms of magnitudes, row-major {@code [time, bins]}, bins evenly
 *     spaced on the mel scale; the array is shared, not copied
 * @param bins values in a frame, at least 1
 * @param secondsPerFrame above 0
 * @param lowestFrequency lower edge of the first bin, Hz
 * @param highestFrequency upper edge of the last bin, Hz
 */
public record SpectrogramPanel(
    String label,
    String text,
    float[] values,
    int bins,
    double secondsPerFrame,
    double lowestFrequency,
    double highestFrequency) {
  /**
   * Checks the values.
   *
   * @throws ShapeException if the array holds no frame, or no whole number of them
   */
  public SpectrogramPanel {
    if (bins < 1 || values.length == 0 || values.length % bins != 0) {
      throw new ShapeException(
          "plot: expected a positive multiple of %d values, found %d"
              .formatted(bins, values.length));
    }
  }

  /** A panel of a spectrogram, raw and not normalised. */
  public static SpectrogramPanel of(String label, String text, LogMel logMel) {
    return new SpectrogramPanel(
        label,
        text,
        logMel.frames(),
        logMel.spec().nMels(),
        1 / logMel.spec().frameRate(),
        logMel.spec().fMin(),
        logMel.spec().fMax());
  }

  int frames() {
    return values.length / bins;
  }

  double seconds() {
    return frames() * secondsPerFrame;
  }

  float at(int frame, int bin) {
    return values[frame * bins + bin];
  }

  float loudest() {
    float loudest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      loudest = Math.max(loudest, value);
    }
    return loudest;
  }
}
