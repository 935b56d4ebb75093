package dev.spectron.core.signal;

import dev.spectron.core.error.BundleException;
import java.util.List;

/**
 * Per-bin statistics of raw log-mel values over a training set: normalised = (raw − mean) /
 * deviation.
 *
 * @param mean one value a mel bin, or empty for no normalisation
 * @param deviation as many values, each above 0
 */
public record Normalisation(List<Float> mean, List<Float> deviation) {
  /**
   * Checks the values.
   *
   * @throws BundleException if the lists differ in size or a deviation is not positive
   */
  public Normalisation {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size() || deviation.stream().anyMatch(d -> !(d > 0))) {
      throw new BundleException(
          "normalisation: expected as many positive deviations as means, found %d means, %d deviations"
              .formatted(mean.size(), deviation.size()));
    }
  }

  /** Raw values are used as they are. */
  public static Normalisation none() {
    return new Normalisation(List.of(), List.of());
  }

  /** Whether this changes nothing. */
  public boolean changesNothing() {
    return mean.isEmpty();
  }
}
