package dev.spectron.training;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.data.SpeechBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;

/** Makes the next batch on another thread while the present one trains. */
final class Prefetch implements AutoCloseable {
  private final LongFunction<SpeechBatch> maker;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("batches").daemon().factory());
  private long nextIndex = -1;
  private CompletableFuture<SpeechBatch> next = new CompletableFuture<>();

  Prefetch(LongFunction<SpeechBatch> maker) {
    this.maker = maker;
  }

  /** Batch {@code index}; starts on the one after it. */
  SpeechBatch take(long index) {
    CompletableFuture<SpeechBatch> wanted = index == nextIndex ? next : start(index);
    try {
      SpeechBatch batch = wanted.join();
      nextIndex = index + 1;
      next = start(nextIndex);
      return batch;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new TrainingException("batch " + index + " cannot be made: " + e.getCause(), e);
    }
  }

  private CompletableFuture<SpeechBatch> start(long index) {
    return CompletableFuture.supplyAsync(() -> maker.apply(index), thread);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
