package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.Set;

/** The tensors of a checkpoint, in one file or several. Views end with {@link #close()}. */
interface TensorFiles extends AutoCloseable {
  /** What messages call it. */
  String where();

  /** Names of all tensors. */
  Set<String> names();

  /**
   * Shape of a tensor.
   *
   * @param name one of {@link #names()}
   */
  Shape shape(String name);

  /**
   * How a bundle stores a tensor so that no number changes.
   *
   * @param name one of {@link #names()}
   * @throws BundleException if it holds no floating-point numbers
   */
  DType dtype(String name);

  /**
   * The numbers of a tensor: a view of the file, or as long as it is held, for one that was
   * quantised.
   *
   * @param name one of {@link #names()}
   */
  WeightData get(String name);

  @Override
  void close();
}
