package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;

/**
 * Size of a {@link KvCache}.
 *
 * @param nLayers decoder layers, at least 1
 * @param batch rows decoded together, at least 1
 * @param capacity positions, at least 1
 * @param kvChannels key channels a position: nKvHeads·headDim
 */
public record KvCacheSpec(int nLayers, int batch, int capacity, int kvChannels) {
  /**
   * Checks the values.
   *
   * @throws ShapeException if a size is below 1
   */
  public KvCacheSpec {
    if (nLayers < 1 || batch < 1 || capacity < 1 || kvChannels < 1) {
      throw new ShapeException(
          "KV cache: expected sizes of at least 1, found %d layers, batch %d, capacity %d, %d channels"
              .formatted(nLayers, batch, capacity, kvChannels));
    }
  }
}
