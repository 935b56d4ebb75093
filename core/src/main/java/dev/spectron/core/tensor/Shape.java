package dev.spectron.core.tensor;

import dev.spectron.core.error.ShapeException;
import java.util.Arrays;

/**
 * Sizes of a row-major tensor, outermost first; prints as {@code [1, 75, 1024]}. Every size is at
 * least 1 and the element count fits a {@code long}: a shape that overflows cannot be made.
 */
public final class Shape {
  private final int[] sizes;
  private final long elements;

  private Shape(int[] sizes) {
    long count = 1;
    for (int size : sizes) {
      if (size < 1) {
        throw new ShapeException(
            "shape " + Arrays.toString(sizes) + ": expected every size to be at least 1");
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException e) {
        throw new ShapeException(
            "shape " + Arrays.toString(sizes) + ": the element count overflows", e);
      }
    }
    this.sizes = sizes;
    this.elements = count;
  }

  /**
   * A shape of the given sizes.
   *
   * @param sizes outermost first, each at least 1; no sizes make a scalar
   * @throws ShapeException if a size is below 1 or the element count overflows
   */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** Number of axes. */
  public int rank() {
    return sizes.length;
  }

  /**
   * Size of one axis.
   *
   * @param axis 0 is outermost; negative counts from the end, −1 is innermost
   * @throws ShapeException if there is no such axis
   */
  public int size(int axis) {
    int index = axis < 0 ? sizes.length + axis : axis;
    if (index < 0 || index >= sizes.length) {
      throw new ShapeException("shape " + this + ": axis " + axis + " does not exist");
    }
    return sizes[index];
  }

  /** Number of elements. */
  public long elements() {
    return elements;
  }

  /**
   * Number of elements as an array length.
   *
   * @throws ShapeException if it does not fit an {@code int}
   */
  public int arrayLength() {
    if (elements > Integer.MAX_VALUE - 16) {
      throw new ShapeException(
          "shape " + this + ": " + elements + " elements do not fit one array");
    }
    return (int) elements;
  }

  /**
   * The same shape with one size replaced.
   *
   * @param axis as in {@link #size(int)}
   * @param size the new size, at least 1
   */
  public Shape with(int axis, int size) {
    if (size(axis) == size) {
      return this;
    }
    int[] changed = sizes.clone();
    changed[axis < 0 ? sizes.length + axis : axis] = size;
    return new Shape(changed);
  }

  /** A copy of the sizes, outermost first. */
  public int[] toArray() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(sizes, that.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
