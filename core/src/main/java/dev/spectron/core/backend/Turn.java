package dev.spectron.core.backend;

import java.util.concurrent.atomic.AtomicReference;

/** Lets one thread at a time into a back end, and none once it is closed. */
final class Turn implements AutoCloseable {
  private final String name;
  private final AtomicReference<Thread> holder = new AtomicReference<>();
  private volatile boolean open = true;

  /**
   * A turn nobody has taken.
   *
   * @param name the back end's name, for messages
   */
  Turn(String name) {
    this.name = name;
  }

  /**
   * Takes the turn for one operation; closing gives it back.
   *
   * @throws IllegalStateException if another thread has it or the back end is closed
   */
  Turn take(String operation) {
    Thread thread = Thread.currentThread();
    Thread other = holder.compareAndExchange(null, thread);
    if (other != null) {
      throw new IllegalStateException(
          "%s: %s: thread %s is using the back end, found thread %s; use it from one thread at a time"
              .formatted(name, operation, other.getName(), thread.getName()));
    }
    if (!open) {
      close();
      throw new IllegalStateException(
          "%s: %s: the back end is closed; open another".formatted(name, operation));
    }
    return this;
  }

  boolean isOpen() {
    return open;
  }

  /** Lets nobody in from now on. */
  void end() {
    open = false;
  }

  @Override
  public void close() {
    holder.set(null);
  }
}
