package dev.spectron.core.bundle;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.function.Supplier;

/**
 * A tensor on its way into a file. Its values are asked for when it is its turn, so that a large
 * model is never in memory twice.
 *
 * @param name such as {@code layers.3.attention.query.weight}
 * @param dtype how it is stored: {@link DType#F32}, or {@link DType#BF16} or {@link DType#F16},
 *     rounded to nearest, ties to even
 * @param shape sizes, outermost first
 * @param values exactly {@code shape.elements()} values, row-major
 */
public record StoredTensor(String name, DType dtype, Shape shape, Supplier<float[]> values) {
  /** Checks the type. */
  public StoredTensor {
    if (dtype != DType.F32 && dtype != DType.BF16 && dtype != DType.F16) {
      throw new IllegalArgumentException(
          name + ": expected to be stored as F32, BF16 or F16, found " + dtype);
    }
  }

  /** A tensor stored as it came from elsewhere. */
  public static StoredTensor of(WeightData data) {
    return of(data, data.dtype());
  }

  /** A tensor stored as another type. */
  public static StoredTensor of(WeightData data, DType dtype) {
    return new StoredTensor(data.path(), dtype, data.shape(), data::toFloats);
  }
}
