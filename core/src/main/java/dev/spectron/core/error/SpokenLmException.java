package dev.spectron.core.error;

/**
 * Root of everything Spectron throws on purpose. The message reads {@code where: expected, found;
 * what to do} and stands on its own, without the cause.
 */
public class SpokenLmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public SpokenLmException(String message) {
    super(message);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public SpokenLmException(String message, Throwable cause) {
    super(message, cause);
  }
}
