package dev.spectron.vocoder;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import java.util.random.RandomGenerator;

/**
 * Gives every vocoder the same manners: the features are those it was loaded for, all values are
 * finite, no frames give no samples, and nothing leaves [−1, 1].
 *
 * @param vocoder makes the samples
 * @param spec the features it was loaded for
 */
record CheckedVocoder(Vocoder vocoder, FeatureSpec spec) implements Vocoder {
  @Override
  public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
    check(logMel);
    if (logMel.time() == 0) {
      return new Waveform(new float[0], spec.sampleRate());
    }
    Waveform waveform = vocoder.synthesize(backend, logMel, random);
    limit(waveform.samples());
    return waveform;
  }

  private void check(LogMel logMel) {
    FeatureSpec expected = spec.with(Normalisation.none());
    FeatureSpec found = logMel.spec().with(Normalisation.none());
    if (!found.equals(expected)) {
      throw new AudioException(
          "vocoder: expected a log-mel with %s, found %s; extract it with the bundle's output features"
              .formatted(expected, found));
    }
    if ((long) logMel.time() * spec.hopLength() > Integer.MAX_VALUE - 16) {
      throw new CapacityException(
          "vocoder: %d frames at hop %d do not fit one array; synthesize shorter pieces"
              .formatted(logMel.time(), spec.hopLength()));
    }
    for (int i = 0; i < logMel.frames().length; i++) {
      if (!Float.isFinite(logMel.frames()[i])) {
        throw new AudioException(
            "vocoder: frame %d, mel bin %d: expected a finite value, found %s; the model or its back end is faulty"
                .formatted(i / spec.nMels(), i % spec.nMels(), logMel.frames()[i]));
      }
    }
  }

  /** Turns the whole utterance down where its peak is above 1: quieter, but not distorted. */
  private static void limit(float[] samples) {
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    if (peak > 1) {
      for (int i = 0; i < samples.length; i++) {
        samples[i] /= peak;
      }
    }
  }
}
