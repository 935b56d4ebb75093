package dev.spectron.sdk;

import dev.spectron.core.error.CancelledException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of one answer between the model's thread, which puts them, and whoever takes them. It
 * holds a bounded number; when it is full the model's thread waits, in all of the answer at most
 * for a given time.
 */
final class EventBuffer implements EventSink {
  private final int capacity;
  private final Duration patience;
  private final Runnable onEvent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private final Condition added = lock.newCondition();
  private final Deque<AnswerEvent> events = new ArrayDeque<>();
  private long patienceLeft;
  private boolean ended;

  /** One element, or none. */
  private List<AnswerEvent.Failed> failure = List.of();

  /**
   * An empty buffer.
   *
   * @param capacity most events held, but for the last one
   * @param patience longest that all {@link #put} together wait
   * @param onEvent told when there is something to take; must not block
   */
  EventBuffer(int capacity, Duration patience, Runnable onEvent) {
    this.capacity = capacity;
    this.patience = patience;
    this.onEvent = onEvent;
    this.patienceLeft = patience.toNanos();
  }

  @Override
  public void put(AnswerEvent event) {
    lock.lock();
    try {
      awaitRoom();
      events.add(event);
      added.signal();
    } finally {
      lock.unlock();
    }
    onEvent.run();
  }

  private void awaitRoom() {
    while (!ended && events.size() >= capacity) {
      if (patienceLeft <= 0) {
        throw new CapacityException(
            "answer: %d events wait to be taken, and the model has waited %s for that; request more, hand work on, or raise eventBuffer or patience"
                .formatted(capacity, patience),
            ErrorCode.SUBSCRIBER_SLOW);
      }
      try {
        patienceLeft = taken.awaitNanos(patienceLeft);
      } catch (InterruptedException e) {
        throw new CancelledException(
            "answer: the model's thread was interrupted while events waited; ask again", e);
      }
    }
    if (ended) {
      throw new CancelledException("answer: its events are wanted no more; ask again");
    }
  }

  @Override
  public void end(AnswerEvent last) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      events.add(last);
      if (last instanceof AnswerEvent.Failed failed) {
        failure = List.of(failed);
      }
      added.signal();
      taken.signal();
    } finally {
      lock.unlock();
    }
    onEvent.run();
  }

  /** The next event, if there is one. */
  Optional<AnswerEvent> poll() {
    lock.lock();
    try {
      Optional<AnswerEvent> event = Optional.ofNullable(events.poll());
      taken.signal();
      return event;
    } finally {
      lock.unlock();
    }
  }

  /** The next event, waited for. The last one is {@code Done} or {@code Failed}. */
  AnswerEvent take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.isEmpty()) {
        added.await();
      }
      taken.signal();
      return events.remove();
    } finally {
      lock.unlock();
    }
  }

  /** Why there will be no more events, once that is so. */
  Optional<AnswerEvent.Failed> failure() {
    lock.lock();
    try {
      return failure.stream().findFirst();
    } finally {
      lock.unlock();
    }
  }
}
