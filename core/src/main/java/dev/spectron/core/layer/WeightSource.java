package dev.spectron.core.layer;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.Shape;

/** Where parameters come from: a bundle's file, a checkpoint, or an initialiser. */
@FunctionalInterface
public interface WeightSource {
  /**
   * Reads one parameter.
   *
   * @param path full name, such as {@code layers.3.attention.query.weight}
   * @param shape the shape the model expects
   * @param init how to make it where nothing is stored; stored sources ignore it
   * @throws BundleException if it is missing or has another shape; the message holds path and both
   *     shapes
   */
  WeightData read(String path, Shape shape, Init init);
}
