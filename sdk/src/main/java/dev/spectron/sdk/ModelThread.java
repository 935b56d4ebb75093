package dev.spectron.sdk;

import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.error.MisuseException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that touches a model. Answers are made in the order they were asked for; the model
 * is closed by this thread too, after the last, so that no memory goes while it is used. The thread
 * goes home when there is nothing to do and keeps no Java machine alive.
 */
final class ModelThread {
  private static final Logger LOGGER = System.getLogger(ModelThread.class.getName());
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final LoadedModel model;
  private final ThreadPoolExecutor thread;
  private final Set<Answering> underWay = ConcurrentHashMap.newKeySet();
  private boolean closed;

  ModelThread(LoadedModel model) {
    this.model = model;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("spectron " + model.name()).factory());
    thread.allowCoreThreadTimeOut(true);
  }

  LoadedModel model() {
    return model;
  }

  /**
   * Puts an answer in line.
   *
   * @throws MisuseException if the model is closed
   */
  synchronized void submit(Answering answering) {
    if (closed) {
      throw new MisuseException(
          "spectron: expected an open model, found a closed one; open it again",
          ErrorCode.MODEL_CLOSED);
    }
    underWay.add(answering);
    CompletableFuture<Answer> _ =
        answering.result().whenComplete((_, _) -> underWay.remove(answering));
    thread.execute(answering::run);
  }

  /** Whether {@link #close()} was called. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Gives up all answers and closes the model once the one under way was left. Does not wait. */
  void close() {
    List<Answering> open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open = List.copyOf(underWay);
    }
    open.forEach(answering -> answering.cancel("the model was closed"));
    thread.execute(model::close);
    thread.shutdown();
  }

  /** Waits until the model's memory is free, but no longer than it may take at worst. */
  void awaitClosed(Duration longest) {
    try {
      if (!thread.awaitTermination(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        LOGGER.log(
            Level.WARNING,
            "{0} is closed, but an answer has not noticed within {1}; its memory is freed when it does",
            model.name(),
            longest);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
