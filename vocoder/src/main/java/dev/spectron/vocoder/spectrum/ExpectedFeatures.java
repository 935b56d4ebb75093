package dev.spectron.vocoder.spectrum;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;

/**
 * What a vocoder may be given.
 *
 * @param spec the features it was loaded for; their normalisation does not matter
 */
public record ExpectedFeatures(FeatureSpec spec) {
  /**
   * Checks a spectrogram.
   *
   * @param first index of its first frame, for the message
   * @throws AudioException if the features are others or a value is not finite
   */
  public void check(LogMel logMel, int first) {
    FeatureSpec expected = spec.with(Normalisation.none());
    FeatureSpec found = logMel.spec().with(Normalisation.none());
    if (!found.equals(expected)) {
      throw new AudioException(
          "vocoder: expected a log-mel with %s, found %s; extract it with the bundle's output features"
              .formatted(expected, found));
    }
    for (int i = 0; i < logMel.frames().length; i++) {
      if (!Float.isFinite(logMel.frames()[i])) {
        throw new AudioException(
            "vocoder: frame %d, mel bin %d: expected a finite value, found %s; the model or its back end is faulty"
                .formatted(first + i / spec.nMels(), i % spec.nMels(), logMel.frames()[i]));
      }
    }
  }
}
