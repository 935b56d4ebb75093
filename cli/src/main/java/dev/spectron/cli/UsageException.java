package dev.spectron.cli;

import dev.spectron.core.error.SpokenLmException;

/** The command line asks for something that makes no sense; ends with exit code 2. */
final class UsageException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  /**
   * With its message.
   *
   * @param message where, expected, found, what to do
   */
  UsageException(String message) {
    super(message);
  }
}
