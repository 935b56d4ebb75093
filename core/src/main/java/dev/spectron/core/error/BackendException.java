package dev.spectron.core.error;

/** A back end is not available or failed; the message holds the reason and the remedy. */
public final class BackendException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public BackendException(String message) {
    super(message);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
