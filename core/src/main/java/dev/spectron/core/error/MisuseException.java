package dev.spectron.core.error;

/**
 * A call that the state of the object does not allow, such as one after {@code close} or a second
 * question before the first is answered: a fault of the calling program, hence no {@link
 * SpokenLmException}, which a program is meant to handle.
 */
public final class MisuseException extends IllegalStateException implements Coded {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   * @param code the kind of misuse
   */
  public MisuseException(String message, ErrorCode code) {
    super(message);
    this.code = code;
  }

  @Override
  public ErrorCode code() {
    return code;
  }
}
