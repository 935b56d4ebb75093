package dev.spectron.core.error;

/**
 * What every exception of Spectron has beside its message: a code that stays the same when the
 * wording changes. Programs decide by the code, people read the message.
 */
public interface Coded {
  /** What went wrong, in one of a closed list of ways. */
  ErrorCode code();
}
