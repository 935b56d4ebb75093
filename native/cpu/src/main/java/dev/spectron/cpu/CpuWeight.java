package dev.spectron.cpu;

import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/**
 * A parameter, packed for its use. What a matrix is for shows in its rank, so it is packed at once;
 * the weight of a convolution may serve one in any direction, so it is packed at its first use, if
 * it does not come packed for the usual one.
 */
final class CpuWeight implements Weight {
  private static final float[] ABSENT = {};

  private final String path;
  private final Shape shape;
  private final boolean bf16;
  private final boolean packed;
  private final PanelPacker packer;
  private final Matrix matrix;
  private final float[] values;

  // Filled at first use; empty before.
  private Matrix[] convolution = {};
  private Panels[] transposed = {};
  private float[] depthwise = {};

  CpuWeight(WeightData data, PanelPacker packer) {
    this.path = data.path();
    this.shape = data.shape();
    this.bf16 = data.dtype() == DType.BF16;
    this.packer = packer;
    this.packed = data.packing() != Packing.ROWS;
    if (packed || shape.rank() == 2) {
      this.matrix = packer.pack(data);
      this.values = ABSENT;
    } else {
      this.matrix = Panels.EMPTY;
      this.values = data.toFloats();
    }
  }

  /** The numbers as they were before they were packed, row-major. */
  private float[] values() {
    if (!packed) {
      return values;
    }
    float[] rows = matrix.toRows();
    float[] all = new float[rows.length];
    int channels = shape.size(1);
    int depth = matrix.depth();
    for (int i = 0; i < all.length; i++) {
      int k = i % depth;
      all[i / depth * depth + k % channels * taps() + k / channels] = rows[i];
    }
    return all;
  }

  /** The parameter as this back end's own kind. */
  static CpuWeight of(Weight weight) {
    if (weight instanceof CpuWeight own) {
      return own;
    }
    throw new IllegalArgumentException(
        "backend cpu: weight " + weight.path() + " was made by another back end; load it again");
  }

  /** The numbers of a vector; an array of length 0 for {@link Weight#none()}. */
  static float[] vector(Weight weight) {
    return weight.isPresent() ? of(weight).values : ABSENT;
  }

  /** Some numbers of a vector; none of the absent one. */
  static float[] part(float[] vector, int first, int length) {
    boolean whole = vector.length <= length;
    return whole ? vector : Arrays.copyOfRange(vector, first, first + length);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** A weight {@code [columns, depth]} as the right-hand side of a product. */
  Matrix matrix() {
    return matrix;
  }

  /**
   * A weight {@code [out, in / groups, kernel…]} as one right-hand side a group: {@code [taps·in /
   * groups, out / groups]}, all channels of a tap together.
   */
  Matrix[] convolution(int groups) {
    if (convolution.length != groups) {
      convolution = new Matrix[groups];
      if (packed && groups == 1) {
        convolution[0] = matrix;
      } else {
        float[] numbers = values();
        Arrays.setAll(convolution, group -> packGroup(numbers, group, shape.size(0) / groups));
      }
    }
    return convolution;
  }

  private Panels packGroup(float[] numbers, int group, int out) {
    int in = shape.size(1);
    int taps = taps();
    int first = group * out;
    return packer.pack(
        out,
        taps * in,
        bf16,
        (column, k) -> numbers[((first + column) * in + k % in) * taps + k / in]);
  }

  private int taps() {
    int taps = 1;
    for (int axis = 2; axis < shape.rank(); axis++) {
      taps *= shape.size(axis);
    }
    return taps;
  }

  /** A weight {@code [channels, 1, kernel]} as {@code [kernel, channels]}. */
  float[] depthwise() {
    if (depthwise.length == 0) {
      int channels = shape.size(0);
      int kernel = shape.size(2);
      float[] numbers = values();
      depthwise = new float[channels * kernel];
      for (int i = 0; i < depthwise.length; i++) {
        depthwise[i] = numbers[i % channels * kernel + i / channels];
      }
    }
    return depthwise;
  }

  /** A weight {@code [in, out, kernel]} as the right-hand side {@code [in, kernel·out]}. */
  Panels transposed() {
    if (transposed.length == 0) {
      int in = shape.size(0);
      int out = shape.size(1);
      int kernel = shape.size(2);
      float[] numbers = values();
      Panels panels =
          packer.pack(
              kernel * out,
              in,
              bf16,
              (column, k) -> numbers[(k * out + column % out) * kernel + column / out]);
      transposed = new Panels[] {panels};
    }
    return transposed[0];
  }
}
