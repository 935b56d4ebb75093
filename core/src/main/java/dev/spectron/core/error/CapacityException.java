package dev.spectron.core.error;

/**
 * A fixed capacity is used up: positions of a KV cache, frames of an answer, memory of an arena.
 */
public final class CapacityException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public CapacityException(String message) {
    super(message, ErrorCode.CAPACITY_EXCEEDED);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public CapacityException(String message, Throwable cause) {
    super(message, ErrorCode.CAPACITY_EXCEEDED, cause);
  }

  /**
   * With its message and a code of its own.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   */
  public CapacityException(String message, ErrorCode code) {
    super(message, code);
  }

  /**
   * With a code of its own and the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   * @param cause the lower-level failure
   */
  public CapacityException(String message, ErrorCode code, Throwable cause) {
    super(message, code, cause);
  }
}
