package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;

/**
 * A model parameter on its back end: dense or quantised, packed as the back end likes; lives as
 * long as the back end. A layer holds {@link #none()} where an optional parameter, such as a bias,
 * is absent.
 */
public interface Weight {
  /** Its name in the bundle, such as {@code layers.3.attention.query.weight}. */
  String path();

  /** The shape the model asked for, whatever the packing. */
  Shape shape();

  /** False only for {@link #none()}. */
  default boolean isPresent() {
    return true;
  }

  /** The absent weight. */
  static Weight none() {
    return AbsentWeight.NONE;
  }
}
