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
    super(message);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
