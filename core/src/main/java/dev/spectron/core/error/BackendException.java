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
    super(message, ErrorCode.BACKEND_FAILED);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public BackendException(String message, Throwable cause) {
    super(message, ErrorCode.BACKEND_FAILED, cause);
  }

  /**
   * With its message and a code of its own.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   */
  public BackendException(String message, ErrorCode code) {
    super(message, code);
  }

  /**
   * With a code of its own and the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   * @param cause the lower-level failure
   */
  public BackendException(String message, ErrorCode code, Throwable cause) {
    super(message, code, cause);
  }
}
