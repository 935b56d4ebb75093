package dev.spectron.core.backend;

import dev.spectron.core.error.CapacityException;

/**
 * Keys and values of every decoder layer for the positions decoded so far. Made and closed by the
 * decoder's owner, filled by {@link Backend#attention}; training passes {@link #none()}, because a
 * cache changed in place breaks gradients.
 */
public interface KvCache extends AutoCloseable {
  /** Positions decoded so far, equal in all layers. */
  int position();

  /** Positions that fit. */
  int capacity();

  /** One layer's part. */
  Layer layer(int index);

  /**
   * Moves the position on once all layers have appended {@code frames} positions.
   *
   * @throws CapacityException if that exceeds the capacity
   */
  void advance(int frames);

  @Override
  void close();

  /** No cache: attention sees this call's keys and values only. */
  static KvCache none() {
    return AbsentKvCache.NONE;
  }

  /** One layer's keys and values; a back end reads its own kind. */
  interface Layer {
    /** Positions that hold keys and values. */
    int position();

    /** No cache. */
    static Layer none() {
      return AbsentKvCache.LAYER;
    }
  }
}
