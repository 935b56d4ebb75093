package dev.spectron.sdk;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;

/**
 * A log-mel spectrogram: natural logarithms of magnitudes in bins that are evenly spaced on the mel
 * scale. Immutable.
 */
public final class Spectrogram {
  private final LogMel logMel;

  Spectrogram(LogMel logMel) {
    this.logMel = logMel;
  }

  /**
   * A copy of the values, frame after frame: bin {@code b} of frame {@code t} is at {@code t · bins
   * + b}.
   */
  public float[] values() {
    return logMel.frames().clone();
  }

  /** Number of frames. */
  public int frames() {
    return logMel.time();
  }

  /** Values in a frame. */
  public int bins() {
    return spec().nMels();
  }

  /** Time from one frame to the next, seconds. */
  public double secondsPerFrame() {
    return 1 / spec().frameRate();
  }

  /** Lower edge of the first bin, Hz. */
  public double lowestFrequency() {
    return spec().fMin();
  }

  /** Upper edge of the last bin, Hz. */
  public double highestFrequency() {
    return spec().fMax();
  }

  private FeatureSpec spec() {
    return logMel.spec();
  }
}
