package dev.spectron.core.backend;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A stored parameter on its way to a back end: a view of a mapped file or of host memory,
 * little-endian, row-major.
 *
 * @param path its name, such as {@code layers.3.attention.query.weight}
 * @param dtype storage type
 * @param shape sizes, outermost first
 * @param data exactly {@code shape.elements() · dtype.bytes()} bytes, alive at least until {@link
 *     Backend#weight} returns
 */
public record WeightData(String path, DType dtype, Shape shape, MemorySegment data) {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Checks the values.
   *
   * @throws BundleException if the byte count does not match shape and type
   */
  public WeightData {
    long expected = Math.multiplyExact(shape.elements(), dtype.bytes());
    if (data.byteSize() != expected) {
      throw new BundleException(
          "%s: expected %d bytes for %s %s, found %d"
              .formatted(path, expected, dtype, shape, data.byteSize()));
    }
  }

  /** A float32 parameter from an array, row-major. */
  public static WeightData of(String path, Shape shape, float[] values) {
    return new WeightData(path, DType.F32, shape, MemorySegment.ofArray(values));
  }

  /** A float64 parameter from an array, row-major. */
  public static WeightData of(String path, Shape shape, double[] values) {
    return new WeightData(path, DType.F64, shape, MemorySegment.ofArray(values));
  }

  /** The same parameter under another name. */
  public WeightData named(String other) {
    return new WeightData(other, dtype, shape, data);
  }

  /**
   * Element {@code index} in row-major order as a float.
   *
   * @throws BundleException if the type is an integer type
   */
  public float get(long index) {
    return switch (dtype) {
      case F32 -> data.get(FLOAT, index * Float.BYTES);
      case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * Short.BYTES) << 16);
      case F16 -> Float.float16ToFloat(data.get(SHORT, index * Short.BYTES));
      case F64 -> (float) data.get(DOUBLE, index * Double.BYTES);
      case I64, I32, I8, U8 ->
          throw new BundleException(
              path
                  + ": expected a floating-point tensor, found "
                  + dtype
                  + "; re-export the bundle");
    };
  }

  /**
   * All elements in double precision, row-major.
   *
   * @throws BundleException if the type is an integer type
   */
  public double[] toDoubles() {
    double[] values = new double[shape.arrayLength()];
    if (dtype == DType.F64) {
      MemorySegment.copy(data, DOUBLE, 0, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = get(i);
      }
    }
    return values;
  }

  /** All elements as float32, row-major. */
  public float[] toFloats() {
    float[] values = new float[shape.arrayLength()];
    if (dtype == DType.F32) {
      MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = get(i);
      }
    }
    return values;
  }
}
