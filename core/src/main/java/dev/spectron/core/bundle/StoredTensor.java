package dev.spectron.core.bundle;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor on its way into a file. Its values are asked for when it is its turn, so that a large
 * model is never in memory twice.
 *
 * @param name such as {@code layers.3.attention.query.weight}
 * @param dtype how it is stored: {@link DType#F32}, or {@link DType#BF16} or {@link DType#F16},
 *     rounded to nearest, ties to even; {@link DType#U8} where it is packed
 * @param packing how its numbers are arranged; only a matrix or a convolution can be packed
 * @param shape sizes, outermost first
 * @param parts the numbers, one part behind the other, row-major: such as the rows of a table and
 *     those added to it; parts of the stored type are copied byte for byte, without passing through
 *     the heap
 */
public record StoredTensor(
    String name, DType dtype, Packing packing, Shape shape, Supplier<List<WeightData>> parts) {
  /** Checks the type. */
  public StoredTensor {
    boolean rows = dtype == DType.F32 || dtype == DType.BF16 || dtype == DType.F16;
    if (packing == Packing.ROWS ? !rows : dtype != DType.U8) {
      throw new IllegalArgumentException(
          name + ": expected to be stored as F32, BF16 or F16, or packed as U8, found " + dtype);
    }
    if (packing != Packing.ROWS && shape.rank() != 2 && shape.rank() != 3) {
      throw new IllegalArgumentException(
          "%s: expected a matrix or a convolution to be packed as %s, found shape %s"
              .formatted(name, packing, shape));
    }
  }

  /**
   * A tensor stored row by row.
   *
   * @param values exactly {@code shape.elements()} values, row-major
   */
  public StoredTensor(String name, DType dtype, Shape shape, Supplier<float[]> values) {
    this(name, dtype, Packing.ROWS, shape, () -> List.of(part(name, values.get())));
  }

  private static WeightData part(String name, float[] values) {
    return WeightData.of(name, Shape.of(values.length), values);
  }

  /** A matrix, or the weight of a convolution, stored in panels. */
  public static StoredTensor packed(WeightData data, Packing packing) {
    return new StoredTensor(data.path(), DType.U8, packing, data.shape(), () -> List.of(data));
  }

  /** A tensor stored as it came from elsewhere. */
  public static StoredTensor of(WeightData data) {
    return new StoredTensor(
        data.path(), data.dtype(), data.packing(), data.shape(), () -> List.of(data));
  }

  /** A tensor stored as another type. */
  public static StoredTensor of(WeightData data, DType dtype) {
    return new StoredTensor(data.path(), dtype, Packing.ROWS, data.shape(), () -> List.of(data));
  }
}
