package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import java.util.Set;

/** The tensors of a checkpoint, in one file or several. Views end with {@link #close()}. */
interface TensorFiles extends AutoCloseable {
  /** What messages call it. */
  String where();

  /** Names of all tensors. */
  Set<String> names();

  /**
   * One tensor.
   *
   * @param name one of {@link #names()}
   * @throws BundleException if there is none
   */
  WeightData get(String name);

  @Override
  void close();
}
