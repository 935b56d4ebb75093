package dev.spectron.vocoder.griffinlim;

import dev.spectron.core.error.BundleException;

/**
 * Settings of Griffin–Lim.
 *
 * @param iterations 1 to 1000
 * @param momentum α of the fast algorithm, from 0 (the plain algorithm) to below 1.25
 */
public record GriffinLimConfig(int iterations, float momentum) {
  /**
   * Checks the values.
   *
   * @throws BundleException if one is out of range
   */
  public GriffinLimConfig {
    if (iterations < 1 || iterations > 1000) {
      throw new BundleException(
          "config.json: vocoder.griffin_lim.iterations: expected 1 to 1000, found " + iterations);
    }
    if (!(momentum >= 0 && momentum < 1.25f)) {
      throw new BundleException(
          "config.json: vocoder.griffin_lim.momentum: expected 0 to below 1.25, found " + momentum);
    }
  }

  /** 32 iterations, momentum 0.99. */
  public static GriffinLimConfig standard() {
    return new GriffinLimConfig(32, 0.99f);
  }
}
