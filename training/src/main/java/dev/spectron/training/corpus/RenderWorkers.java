package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Threads with a speaker each, whose clips are written in order. */
final class RenderWorkers implements AutoCloseable {
  private static final int BATCH = 48;

  private final ExecutorService threads;
  private final BlockingQueue<Speaker> idle;
  private final ClipShaper shaper = new ClipShaper();
  private final int jobs;

  RenderWorkers(CorpusWriter writer, Function<Path, Speaker> speakers, int jobs)
      throws IOException {
    this.jobs = jobs;
    this.idle = new ArrayBlockingQueue<>(jobs);
    for (int job = 0; job < jobs; job++) {
      idle.add(speakers.apply(writer.workFolder(job)));
    }
    this.threads = Executors.newFixedThreadPool(jobs);
  }

  <T> void eachInOrder(
      List<T> clips,
      Function<T, Utterance> utterance,
      Shape<T> shape,
      Sink<T> sink,
      Written written)
      throws IOException {
    Deque<Future<List<float[]>>> pending = new ArrayDeque<>();
    Deque<List<T>> batches = new ArrayDeque<>();
    int done = 0;
    for (int start = 0; start < clips.size() || !pending.isEmpty(); ) {
      if (start < clips.size() && pending.size() < 2 * jobs) {
        List<T> batch = clips.subList(start, Math.min(clips.size(), start + BATCH));
        batches.add(batch);
        pending.add(threads.submit(() -> render(batch, utterance, shape)));
        start += batch.size();
      } else {
        List<T> batch = batches.remove();
        List<float[]> rendered = await(pending.remove());
        for (int i = 0; i < batch.size(); i++) {
          sink.accept(batch.get(i), rendered.get(i));
        }
        done += batch.size();
        written.clips(done);
      }
    }
  }

  private <T> List<float[]> render(List<T> batch, Function<T, Utterance> utterance, Shape<T> shape)
      throws InterruptedException {
    Speaker speaker = idle.take();
    try {
      List<Waveform> spoken = speaker.speak(batch.stream().map(utterance).toList());
      List<float[]> clips = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        clips.add(shape.shape(shaper, batch.get(i), spoken.get(i)));
      }
      return clips;
    } finally {
      idle.add(speaker);
    }
  }

  private static List<float[]> await(Future<List<float[]>> rendered) {
    try {
      return rendered.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException("corpus: rendering was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TrainingException failure) {
        throw failure;
      }
      throw new TrainingException(
          "corpus: a batch failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /** Stops the threads and their engines. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  /** Shapes the sound of one clip. */
  interface Shape<T> {
    float[] shape(ClipShaper shaper, T clip, Waveform spoken);
  }

  /** Writes one clip. */
  interface Sink<T> {
    void accept(T clip, float[] samples) throws IOException;
  }

  /** Told how many clips of the list were written so far. */
  interface Written {
    void clips(int count);
  }
}
