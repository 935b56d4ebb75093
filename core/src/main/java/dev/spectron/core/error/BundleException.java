package dev.spectron.core.error;

/**
 * A model bundle that cannot be read or written: config, tokenizer or weights missing, malformed or
 * not fitting each other.
 */
public final class BundleException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public BundleException(String message) {
    super(message, ErrorCode.BUNDLE_INVALID);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public BundleException(String message, Throwable cause) {
    super(message, ErrorCode.BUNDLE_INVALID, cause);
  }

  /**
   * With its message and a code of its own.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   */
  public BundleException(String message, ErrorCode code) {
    super(message, code);
  }

  /**
   * With a code of its own and the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param code what went wrong
   * @param cause the lower-level failure
   */
  public BundleException(String message, ErrorCode code, Throwable cause) {
    super(message, code, cause);
  }
}
