package dev.spectron.core.packing;

import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;

/**
 * How the numbers of a stored weight are arranged. Packed ones are matrices {@code [rows, depth]},
 * or weights of convolutions {@code [rows, channels, taps]}, whose rows are packed with all
 * channels of a tap together: step {@code tap·channels + channel}.
 */
public enum Packing {
  /** Row-major, one number after the other. */
  ROWS,
  /** {@link Bf16Panels}: 16 bits a weight. */
  BF16,
  /** {@link Int8Panels}: 8.5 bits a weight. */
  INT8,
  /** {@link Int4Panels}: 4.5 bits a weight. */
  INT4;

  private static final PanelFormat BF16_PANELS = new Bf16Panels();
  private static final PanelFormat INT8_PANELS = new Int8Panels();
  private static final PanelFormat INT4_PANELS = new Int4Panels();

  /**
   * The layout of a panel.
   *
   * @throws IllegalStateException for {@link #ROWS}, which have none
   */
  public PanelFormat panels() {
    return switch (this) {
      case ROWS -> throw new IllegalStateException("rows are not in panels");
      case BF16 -> BF16_PANELS;
      case INT8 -> INT8_PANELS;
      case INT4 -> INT4_PANELS;
    };
  }

  /**
   * Bytes of a weight.
   *
   * @param dtype its type if it is not packed
   * @param shape two or three sizes if it is packed
   * @throws ArithmeticException if they are too many
   */
  public long byteSize(DType dtype, Shape shape) {
    return this == ROWS
        ? Math.multiplyExact(shape.elements(), dtype.bytes())
        : Math.multiplyExact(
            (long) PanelFormat.count(shape.size(0)), panels().panelBytes(depth(shape)));
  }

  /**
   * Steps in depth of a packed weight.
   *
   * @throws ArithmeticException if they are too many
   */
  public static int depth(Shape shape) {
    return Math.toIntExact(shape.elements() / shape.size(0));
  }
}
