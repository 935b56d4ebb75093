package dev.spectron.core.error;

/**
 * Whether work that is under way is still wanted. Long work asks often: once in every decoding step
 * and every vocoder block at least. Asking must be cheap and may come from any thread.
 */
@FunctionalInterface
public interface Cancellation {
  /** Whether the work should end now. */
  boolean isRequested();

  /** Work that nobody can cancel. */
  static Cancellation never() {
    return () -> false;
  }

  /**
   * Goes on if the work is still wanted.
   *
   * @throws CancelledException if it is not
   */
  default void check() {
    if (isRequested()) {
      throw new CancelledException(
          "answer: expected to finish, found a cancellation; ask again if it was not meant");
    }
  }
}
