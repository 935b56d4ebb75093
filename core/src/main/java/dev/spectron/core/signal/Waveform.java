package dev.spectron.core.signal;

import dev.spectron.core.error.AudioException;

/**
 * Mono speech: samples in [−1, 1] at a rate. The array is shared, not copied: treat it as
 * read-only.
 *
 * @param samples one value a sample, nominally in [−1, 1]
 * @param sampleRate Hz, above 0
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by identity: nobody compares two sounds by value
public record Waveform(float[] samples, int sampleRate) {
  /**
   * Checks the values.
   *
   * @throws AudioException if the rate is not positive
   */
  public Waveform {
    if (sampleRate < 1) {
      throw new AudioException(
          "waveform: expected a positive sample rate, found " + sampleRate + " Hz");
    }
  }

  /** Duration, seconds. */
  public double seconds() {
    return samples.length / (double) sampleRate;
  }
}
