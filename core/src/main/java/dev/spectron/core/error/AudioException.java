package dev.spectron.core.error;

/**
 * Audio that cannot be read, written or used: a malformed file, an unsupported format, a bad rate
 * or length.
 */
public final class AudioException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public AudioException(String message) {
    super(message);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public AudioException(String message, Throwable cause) {
    super(message, cause);
  }
}
