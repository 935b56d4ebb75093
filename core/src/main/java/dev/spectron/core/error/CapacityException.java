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
    super(message);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public CapacityException(String message, Throwable cause) {
    super(message, cause);
  }
}
