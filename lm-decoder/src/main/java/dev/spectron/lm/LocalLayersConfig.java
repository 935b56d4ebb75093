package dev.spectron.lm;

import dev.spectron.core.backend.AttentionMask;

/**
 * Layers that see only the latest positions, with rotary positions of their own. They are causal
 * also where a mask opens a prefix: a position there sees earlier ones in these layers, and later
 * ones through those that see everything.
 *
 * @param window positions seen, the own one included; 0 if no layer is local
 * @param fullEvery of so many layers the last sees everything, 6 in Gemma 3
 * @param theta wavelength base of the rotary positions, without scaling
 */
public record LocalLayersConfig(int window, int fullEvery, double theta) {
  /** No local layers, as JSON. */
  static final String ABSENT = "{\"window\": 0, \"full_every\": 1, \"theta\": 10000}";

  /** Checks the values. */
  public LocalLayersConfig {
    LmConfig.require(window >= 0 && window <= 1 << 22, "local.window", "0 to 4194304", window);
    LmConfig.require(fullEvery >= 1, "local.full_every", "at least 1", fullEvery);
    LmConfig.require(theta > 1, "local.theta", "above 1", theta);
  }

  /** Every layer sees everything. */
  public static LocalLayersConfig none() {
    return new LocalLayersConfig(0, 1, 10_000);
  }

  /** Whether the layer with this index is local. */
  boolean contains(int layer) {
    return window > 0 && (layer + 1) % fullEvery != 0;
  }

  AttentionMask mask() {
    return new AttentionMask.Chunked(1, window - 1, 0);
  }
}
