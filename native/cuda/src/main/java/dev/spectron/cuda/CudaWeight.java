package dev.spectron.cuda;

import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * A parameter in device memory: a matrix row by row as float32 or, where it is stored so, bfloat16;
 * all others float32. What a convolution's weight is for shows at its first use, which lays it out
 * with the outputs side by side.
 */
final class CudaWeight implements Weight {
  private final String path;
  private final Shape shape;
  private final CudaDevice device;
  private final boolean bf16;

  /** Of a convolution's weight, kept until its use is known; empty for others. */
  private final float[] values;

  private final Map<Layout, DeviceBuffer> layouts = new HashMap<>();

  /** How the numbers lie on the device. */
  enum Layout {
    /** As stored, bfloat16 where that is so. */
    ROWS,
    /** As stored, float32. */
    FLOATS,
    /** {@code [out, in, taps…]} as {@code [taps…, in, out]}. */
    CONVOLUTION,
    /** {@code [in, out, taps]} as {@code [taps, in, out]}. */
    TRANSPOSED
  }

  CudaWeight(WeightData data, CudaDevice device) {
    this.path = data.path();
    this.shape = data.shape();
    this.device = device;
    this.bf16 = stored16(data);
    this.values = shape.rank() > 2 ? data.toFloats() : new float[0];
    if (shape.rank() <= 2) {
      MemorySegment rows =
          bf16 ? MemorySegment.ofArray(upperHalves(data)) : MemorySegment.ofArray(data.toFloats());
      layouts.put(bf16 ? Layout.ROWS : Layout.FLOATS, device.upload(rows));
    }
  }

  private static boolean stored16(WeightData data) {
    boolean matrix = data.shape().rank() == 2;
    boolean rows = data.packing() == Packing.ROWS && data.dtype() == DType.BF16;
    return matrix && (rows || data.packing() == Packing.BF16);
  }

  private static short[] upperHalves(WeightData data) {
    short[] halves = new short[data.shape().arrayLength()];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) (Float.floatToRawIntBits(data.get(i)) >>> 16);
    }
    return halves;
  }

  /** The parameter as this back end's own kind. */
  static CudaWeight of(Weight weight) {
    if (weight instanceof CudaWeight own) {
      return own;
    }
    throw new IllegalArgumentException(
        "backend cuda: weight " + weight.path() + " was made by another back end; load it again");
  }

  /** The address of a weight's float32 numbers, 0 for the absent one. */
  static long floats(Weight weight) {
    return weight.isPresent() ? of(weight).address(Layout.FLOATS) : 0;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** Whether the matrix lies as bfloat16. */
  boolean bf16() {
    return bf16;
  }

  /** The address of a matrix as stored; {@link #bf16()} tells the type. */
  long rows() {
    return address(bf16 ? Layout.ROWS : Layout.FLOATS);
  }

  /** The address of the numbers in that layout, made at the first call. */
  long address(Layout layout) {
    return layouts.computeIfAbsent(layout, this::lay).address();
  }

  private DeviceBuffer lay(Layout layout) {
    return switch (layout) {
      case ROWS -> throw new IllegalStateException("backend cuda: " + path + " has no such layout");
      case FLOATS -> values.length > 0 ? device.upload(values) : widened();
      case CONVOLUTION -> device.upload(convolution());
      case TRANSPOSED -> device.upload(transposed());
    };
  }

  private DeviceBuffer widened() {
    short[] halves = new short[shape.arrayLength()];
    device.download(layouts.get(Layout.ROWS), MemorySegment.ofArray(halves));
    float[] wide = new float[halves.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = Float.intBitsToFloat(halves[i] << 16);
    }
    return device.upload(wide);
  }

  private float[] convolution() {
    int out = shape.size(0);
    int in = shape.size(1);
    int taps = values.length / out / in;
    float[] y = new float[values.length];
    for (int at = 0; at < values.length; at++) {
      int o = at / taps / in;
      y[(at % taps * in + at / taps % in) * out + o] = values[at];
    }
    return y;
  }

  private float[] transposed() {
    int in = shape.size(0);
    int out = shape.size(1);
    int taps = shape.size(2);
    float[] y = new float[values.length];
    for (int at = 0; at < values.length; at++) {
      int i = at / taps / out;
      y[(at % taps * in + i) * out + at / taps % out] = values[at];
    }
    return y;
  }
}
