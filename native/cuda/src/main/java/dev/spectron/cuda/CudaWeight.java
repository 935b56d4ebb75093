package dev.spectron.cuda;

import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * A parameter in device memory: a matrix as it is stored, row by row as float32 or bfloat16 or in
 * panels of 8 or 4 bits; all others float32. What a convolution's weight is for shows at its first
 * use, which lays it out with the outputs side by side.
 */
final class CudaWeight implements Weight {
  private final String path;
  private final Shape shape;
  private final CudaDevice device;
  private final Form form;

  /** Of a convolution's weight, kept until its use is known; empty for others. */
  private final float[] values;

  private final Map<Layout, DeviceBuffer> layouts = new HashMap<>();

  /** What a matrix is made of; kernels that differ have it in their names. */
  enum Form {
    /** float32, row by row. */
    F32("f32"),
    /** bfloat16, row by row. */
    BF16("bf16"),
    /** Panels of 8 bits. */
    INT8("int8"),
    /** Panels of 4 bits. */
    INT4("int4");

    private final String suffix;

    Form(String suffix) {
      this.suffix = suffix;
    }

    /** The kernel of that name for matrices like this. */
    String kernel(String name) {
      return name + "_" + suffix;
    }

    /** Whether it lies in panels. */
    boolean packed() {
      return this == INT8 || this == INT4;
    }
  }

  /** How the numbers lie on the device. */
  enum Layout {
    /** As stored. */
    STORED,
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
    this.form = form(data);
    this.values = shape.rank() > 2 ? data.toFloats() : new float[0];
    if (shape.rank() <= 2) {
      Layout layout = form == Form.F32 ? Layout.FLOATS : Layout.STORED;
      layouts.put(layout, device.upload(stored(data, form)));
    }
  }

  private static Form form(WeightData data) {
    if (data.shape().rank() != 2) {
      return Form.F32;
    }
    return switch (data.packing()) {
      case ROWS -> data.dtype() == DType.BF16 ? Form.BF16 : Form.F32;
      case BF16 -> Form.BF16;
      case INT8 -> Form.INT8;
      case INT4 -> Form.INT4;
    };
  }

  private static MemorySegment stored(WeightData data, Form form) {
    return switch (form) {
      case F32 -> MemorySegment.ofArray(data.toFloats());
      case BF16 -> MemorySegment.ofArray(upperHalves(data));
      case INT8, INT4 -> data.data();
    };
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

  /** What the matrix is made of. */
  Form form() {
    return form;
  }

  /** The address of a matrix as {@link #form()} has it. */
  long stored() {
    return address(form == Form.F32 ? Layout.FLOATS : Layout.STORED);
  }

  /**
   * Writes rows of a packed matrix as float32.
   *
   * @param ids address of the rows' numbers, or 0 for all rows
   * @param count rows to write
   * @param y address of {@code [count, in]}
   */
  void unpack(long ids, int count, long y) {
    int depth = shape.size(1);
    device.launch(
        form.kernel("unpack"),
        Grid.lines(depth, count),
        device.arguments().address(stored()).address(ids).address(y).integer(depth));
  }

  /** The address of the numbers in that layout, made at the first call. */
  long address(Layout layout) {
    return layouts.computeIfAbsent(layout, this::lay).address();
  }

  private DeviceBuffer lay(Layout layout) {
    return switch (layout) {
      case STORED ->
          throw new IllegalStateException("backend cuda: %s is not stored".formatted(path));
      case FLOATS -> values.length > 0 ? device.upload(values) : widened();
      case CONVOLUTION -> device.upload(convolution());
      case TRANSPOSED -> device.upload(transposed());
    };
  }

  private DeviceBuffer widened() {
    if (form.packed()) {
      DeviceBuffer wide = device.take((long) shape.arrayLength() * Float.BYTES);
      unpack(0, shape.size(0), wide.address());
      return wide;
    }
    short[] halves = new short[shape.arrayLength()];
    device.download(layouts.get(Layout.STORED), MemorySegment.ofArray(halves));
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
