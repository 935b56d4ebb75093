package dev.spectron.core.error;

/** Work was given up before its end because somebody asked for that. */
public final class CancelledException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message what was cancelled, by what, what to do
   */
  public CancelledException(String message) {
    super(message, ErrorCode.ANSWER_CANCELLED);
  }

  /**
   * With the lower-level event that led to it.
   *
   * @param message what was cancelled, by what, what to do
   * @param cause such as an interrupt
   */
  public CancelledException(String message, Throwable cause) {
    super(message, ErrorCode.ANSWER_CANCELLED, cause);
  }
}
