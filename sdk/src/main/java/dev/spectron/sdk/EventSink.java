package dev.spectron.sdk;

import dev.spectron.core.error.CancelledException;
import dev.spectron.core.error.CapacityException;

/** Where the model's thread puts the events of one answer. */
interface EventSink {
  /** For those who want the answer only. */
  static EventSink none() {
    return new EventSink() {
      @Override
      public void put(AnswerEvent event) {}

      @Override
      public void end(AnswerEvent last) {}
    };
  }

  /**
   * Takes an event, and time if there is no room for it.
   *
   * @throws CapacityException if there is no room for longer than whoever takes the events may hold
   *     up the model
   * @throws CancelledException once {@link #end} was called
   */
  void put(AnswerEvent event);

  /** Takes the last event, at once, and wakes whoever waits in {@link #put}. From any thread. */
  void end(AnswerEvent last);
}
