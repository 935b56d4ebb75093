package dev.spectron.training.exchange;

import dev.spectron.core.error.TrainingException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Ranks that are threads of one process: the slow obvious exchange. */
public final class ThreadRanks implements GradientExchange {
  private final int rank;
  private final MemorySegment[] segments;
  private final double[][] numbers;
  private final CyclicBarrier barrier;

  private ThreadRanks(
      int rank, MemorySegment[] segments, double[][] numbers, CyclicBarrier barrier) {
    this.rank = rank;
    this.segments = segments;
    this.numbers = numbers;
    this.barrier = barrier;
  }

  /** Runs the same on every rank, and returns what each made of it, in their order. */
  public static <R> List<R> run(int ranks, Function<GradientExchange, R> task) throws Exception {
    MemorySegment[] segments = new MemorySegment[ranks];
    double[][] numbers = new double[ranks][];
    CyclicBarrier barrier = new CyclicBarrier(ranks);
    try (ExecutorService threads = Executors.newFixedThreadPool(ranks)) {
      List<Callable<R>> calls = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        ThreadRanks exchange = new ThreadRanks(rank, segments, numbers, barrier);
        calls.add(
            () -> {
              try {
                return task.apply(exchange);
              } catch (RuntimeException | Error e) {
                barrier.reset();
                throw e;
              }
            });
      }
      List<R> results = new ArrayList<>();
      for (Future<R> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int ranks() {
    return segments.length;
  }

  @Override
  public String name() {
    return "threads";
  }

  @Override
  public void reduce(List<MemorySegment> byRoot) {
    for (int root = 0; root < byRoot.size(); root++) {
      reduce(byRoot.get(root), root);
    }
  }

  @Override
  public void broadcast(List<MemorySegment> byRoot) {
    for (int root = 0; root < byRoot.size(); root++) {
      broadcast(byRoot.get(root), root);
    }
  }

  private void reduce(MemorySegment values, int root) {
    segments[rank] = values;
    await();
    if (rank == root) {
      for (long at = 0; at < values.byteSize(); at += Float.BYTES) {
        float sum = 0;
        for (MemorySegment one : segments) {
          sum += one.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
        }
        values.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, sum);
      }
    }
    await();
    if (rank != root) {
      values.fill((byte) -1); // undefined there: not a number
    }
  }

  private void broadcast(MemorySegment values, int root) {
    segments[rank] = values;
    await();
    if (rank != root) {
      values.copyFrom(segments[root]);
    }
    await();
  }

  @Override
  public void sum(double[] values) {
    numbers[rank] = values.clone();
    await();
    for (int i = 0; i < values.length; i++) {
      values[i] = 0;
      for (double[] one : numbers) {
        values[i] += one[i];
      }
    }
    await();
  }

  @Override
  public void abandon() {
    barrier.reset();
  }

  @Override
  public void close() {}

  private void await() {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new TrainingException("another rank gave up: " + e, e);
    }
  }
}
