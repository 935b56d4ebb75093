package dev.spectron.core.backend;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/**
 * A stored parameter on its way to a back end: a view of a mapped file or of host memory,
 * little-endian.
 *
 * @param path its name, such as {@code layers.3.attention.query.weight}
 * @param dtype storage type of rows; {@link DType#U8} for what is packed
 * @param packing how the numbers are arranged
 * @param shape sizes, outermost first
 * @param data exactly {@code packing.byteSize(dtype, shape)} bytes, alive at least until {@link
 *     Backend#weight} returns and, where it is packed, as long as the weight is used
 */
public record WeightData(
    String path, DType dtype, Packing packing, Shape shape, MemorySegment data) {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Checks the values.
   *
   * @throws BundleException if the byte count does not match shape, type and packing
   */
  public WeightData {
    if (packing != Packing.ROWS && shape.rank() != 2 && shape.rank() != 3) {
      throw new BundleException(
          "%s: expected a matrix or a convolution where weights are packed as %s, found shape %s"
              .formatted(path, packing, shape));
    }
    long expected = packing.byteSize(dtype, shape);
    if (data.byteSize() != expected) {
      throw new BundleException(
          "%s: expected %d bytes for %s %s, found %d"
              .formatted(
                  path,
                  expected,
                  packing == Packing.ROWS ? dtype : packing,
                  shape,
                  data.byteSize()));
    }
  }

  /** A row-major parameter. */
  public WeightData(String path, DType dtype, Shape shape, MemorySegment data) {
    this(path, dtype, Packing.ROWS, shape, data);
  }

  /** A float32 parameter from an array, row-major. */
  public static WeightData of(String path, Shape shape, float[] values) {
    return new WeightData(path, DType.F32, shape, MemorySegment.ofArray(values));
  }

  /** A float64 parameter from an array, row-major. */
  public static WeightData of(String path, Shape shape, double[] values) {
    return new WeightData(path, DType.F64, shape, MemorySegment.ofArray(values));
  }

  /**
   * A matrix, or the weight of a convolution, in panels in host memory.
   *
   * @param packing not {@link Packing#ROWS}
   * @throws BundleException if a number is not finite: no scale could hold it
   */
  public static WeightData packed(WeightData weight, Packing packing) {
    Shape shape = weight.shape();
    int rows = shape.size(0);
    int depth = Packing.depth(shape);
    float[] values = weight.toFloats();
    requireFinite(weight.path(), values);
    long panelBytes = packing.panels().panelBytes(depth);
    byte[] bytes = new byte[Math.toIntExact(packing.byteSize(DType.U8, shape))];
    MemorySegment panels = MemorySegment.ofArray(bytes);
    IntStream.range(0, PanelFormat.count(rows))
        .parallel()
        .forEach(
            panel -> {
              int row = panel * PanelFormat.WIDTH;
              int count = Math.min(PanelFormat.WIDTH, rows - row);
              float[] from = new float[count * depth];
              for (int i = 0; i < from.length; i++) {
                from[i / depth * depth + step(shape, i % depth)] = values[row * depth + i];
              }
              MemorySegment to = panels.asSlice(panel * panelBytes, panelBytes);
              packing.panels().pack(from, count, depth, to);
            });
    return new WeightData(weight.path(), DType.U8, packing, shape, panels);
  }

  /** Where an element of a row lies in depth once it is packed. */
  private static int step(Shape shape, int index) {
    if (shape.rank() == 2) {
      return index;
    }
    int taps = shape.size(2);
    return index % taps * shape.size(1) + index / taps;
  }

  private static void requireFinite(String path, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new BundleException(
            "%s: element %d: expected a finite weight, found %s; export the model again"
                .formatted(path, i, values[i]));
      }
    }
  }

  /** The same parameter under another name. */
  public WeightData named(String other) {
    return new WeightData(other, dtype, packing, shape, data);
  }

  /** The panel that holds a row, of a packed weight. */
  private MemorySegment panel(int row, int depth) {
    long bytes = packing.panels().panelBytes(depth);
    return data.asSlice(row / PanelFormat.WIDTH * bytes, bytes);
  }

  /**
   * Element {@code index} in row-major order as a float.
   *
   * @throws BundleException if the type is an integer type
   */
  public float get(long index) {
    if (packing != Packing.ROWS) {
      int depth = Packing.depth(shape);
      int row = (int) (index / depth);
      int k = step(shape, (int) (index % depth));
      return packing.panels().get(panel(row, depth), row % PanelFormat.WIDTH, k, depth);
    }
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
    if (dtype == DType.F64 && packing == Packing.ROWS) {
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
    if (dtype == DType.F32 && packing == Packing.ROWS) {
      MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = get(i);
      }
    }
    return values;
  }
}
