package dev.spectron.core.error;

/** A corpus, recipe, checkpoint or training step that cannot go on. */
public final class TrainingException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  public TrainingException(String message) {
    super(message, ErrorCode.TRAINING_FAILED);
  }

  /**
   * With the lower-level failure that led to it.
   *
   * @param message where, expected, found, what to do
   * @param cause the lower-level failure
   */
  public TrainingException(String message, Throwable cause) {
    super(message, ErrorCode.TRAINING_FAILED, cause);
  }
}
