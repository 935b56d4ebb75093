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
    super(message, ErrorCode.AUDIO_INVALID);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public AudioException(String message, Throwable cause) {
    super(message, ErrorCode.AUDIO_INVALID, cause);
  }

  /**
   * With its message and a code of its own.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   */
  public AudioException(String message, ErrorCode code) {
    super(message, code);
  }

  /**
   * With a code of its own and the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   * @param cause the lower-level failure
   */
  public AudioException(String message, ErrorCode code, Throwable cause) {
    super(message, code, cause);
  }
}
