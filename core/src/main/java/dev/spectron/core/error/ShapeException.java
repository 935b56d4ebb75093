package dev.spectron.core.error;

/**
 * An operation was given tensors or weights whose shapes do not fit; the message holds the shapes.
 */
public final class ShapeException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public ShapeException(String message) {
    super(message, ErrorCode.SHAPE_MISMATCH);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public ShapeException(String message, Throwable cause) {
    super(message, ErrorCode.SHAPE_MISMATCH, cause);
  }
}
