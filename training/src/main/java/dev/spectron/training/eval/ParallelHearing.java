package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clips shared among recognisers that listen at once.
 *
 * @param who listens, for messages
 * @param jobs parts at once, at least 1; changes the time, never the result
 */
record ParallelHearing(String who, int jobs) {
  /** Listens to some of the clips. */
  @FunctionalInterface
  interface Part {
    /**
     * Recognises them.
     *
     * @param index of the part, from 0
     * @return one text a clip
     */
    List<String> recognise(List<Waveform> clips, int index) throws IOException;
  }

  /** The texts of all clips, in their order. */
  List<String> hear(List<Waveform> clips, Part part) {
    List<Future<List<String>>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
      int size = Math.max(1, Math.ceilDiv(clips.size(), jobs));
      for (int from = 0; from < clips.size(); from += size) {
        List<Waveform> some = clips.subList(from, Math.min(clips.size(), from + size));
        int index = parts.size();
        parts.add(threads.submit(() -> part.recognise(some, index)));
      }
      List<String> texts = new ArrayList<>(clips.size());
      for (Future<List<String>> heard : parts) {
        texts.addAll(await(heard, threads));
      }
      return texts;
    }
  }

  private List<String> await(Future<List<String>> heard, ExecutorService threads) {
    try {
      return heard.get();
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new TrainingException(who + ": interrupted", e);
    } catch (ExecutionException e) {
      threads.shutdownNow();
      if (e.getCause() instanceof TrainingException failure) {
        throw failure;
      }
      throw new TrainingException(who + ": failed: " + e.getCause(), e.getCause());
    }
  }
}
