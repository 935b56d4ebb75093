package dev.spectron.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share the chunks of one task. A decoding step hands over a hundred tasks of
 * some ten microseconds, so idle threads spin for a moment before they park: a hand-over then costs
 * well under a microsecond. The caller works too and waits for claimed chunks only, never for a
 * thread: on a busy machine, where a thread may get no processor, it simply does the work itself.
 *
 * <p>Which thread runs a chunk is left to chance; a task whose chunks write different outputs gives
 * the same result on any number of threads.
 */
final class CpuTeam implements AutoCloseable {
  private static final long SPIN_NANOS = 60_000;

  /** Element operations that are worth a hand-over: some five microseconds. */
  private static final long SMALLEST_STRETCH = 16_384;

  /** Work that falls into chunks. */
  @FunctionalInterface
  interface Task {
    /**
     * Does one chunk.
     *
     * @param chunk its index
     * @param worker the running thread, 0 to {@code threads() − 1}; the caller is 0
     */
    void run(int chunk, int worker);
  }

  private final Worker[] workers;

  /**
   * Number of the task in the upper half, chunks not yet claimed in the lower. One word holds both,
   * so that a thread that comes late cannot claim a chunk of the next task for the one it saw.
   */
  private final AtomicLong open = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** The caller while it is parked, else null. */
  private volatile Thread waiting;

  private volatile boolean closed;

  /** The team that works at the same time, if there is one: one element, or none. */
  private volatile List<CpuTeam> other = List.of();

  /** Threads that may take chunks of the task. */
  private volatile int admitted;

  /** Null before the first task. */
  private volatile Thread caller;

  private int tasks;

  // Written before, and read after, a change of open.
  private Task task = (_, _) -> {};
  private int chunks;

  /** A team of {@code threads}, the caller included. */
  CpuTeam(int threads) {
    this.workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  /** Threads that compute, the caller included. */
  int threads() {
    return workers.length + 1;
  }

  /**
   * A team that shares the processor with this one: while the callers of both run, each uses half
   * of its threads. Three threads on two processors would take turns by the millisecond, where a
   * task takes microseconds.
   */
  CpuTeam beside() {
    CpuTeam beside = new CpuTeam(threads());
    beside.other = List.of(this);
    other = List.of(beside);
    return beside;
  }

  private boolean isIdle() {
    Thread last = caller;
    return closed
        || last == null
        || last.equals(Thread.currentThread())
        || last.getState() != Thread.State.RUNNABLE;
  }

  /** Threads for the next task. */
  private int admission() {
    for (CpuTeam team : other) {
      if (!team.isIdle()) {
        return Math.ceilDiv(threads(), 2);
      }
    }
    return threads();
  }

  /** Whether all threads of the team may read {@code segment}. */
  boolean canRead(MemorySegment segment) {
    for (Worker worker : workers) {
      if (!segment.isAccessibleBy(worker)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs all chunks of a task; they are done when this returns.
   *
   * @throws RuntimeException what a chunk threw, after all other chunks have ended
   */
  void run(int count, Task work) {
    caller = Thread.currentThread();
    int threads = count == 1 ? 1 : admission();
    if (threads == 1) {
      for (int chunk = 0; chunk < count; chunk++) {
        work.run(chunk, 0);
      }
      return;
    }
    task = work;
    chunks = count;
    unfinished.set(count);
    admitted = threads;
    tasks++;
    open.set((long) tasks << Integer.SIZE | count);
    for (int i = 0; i < Math.min(threads - 1, count - 1); i++) {
      workers[i].wake();
    }
    work(0);
    await();
    rethrow(failure.getAndSet(null));
  }

  /** Work on a stretch of a sequence. */
  @FunctionalInterface
  interface Stretch {
    /** Does the items from {@code first} up to {@code end}, exclusive. */
    void run(int first, int end, int worker);
  }

  /**
   * Runs a sequence in stretches of equal length, about two a thread, or as a whole where it is too
   * little work to share.
   *
   * @param count items
   * @param cost of an item, in element operations
   */
  void split(int count, long cost, Stretch stretch) {
    long worthwhile = Math.multiplyExact(count, cost) / SMALLEST_STRETCH;
    int stretches = (int) Math.clamp(worthwhile, 1, Math.min(count, 2L * threads()));
    if (stretches == 1) {
      stretch.run(0, count, 0);
      return;
    }
    int length = Math.ceilDiv(count, stretches);
    run(
        Math.ceilDiv(count, length),
        (chunk, worker) ->
            stretch.run(chunk * length, Math.min(count, (chunk + 1) * length), worker));
  }

  /** Claims and runs chunks until none is left. */
  private void work(int worker) {
    while (true) {
      long seen = open.get();
      int left = (int) seen;
      if (left == 0) {
        return;
      }
      if (open.compareAndSet(seen, seen - 1)) {
        runChunk(chunks - left, worker);
      }
    }
  }

  private void runChunk(int chunk, int worker) {
    try {
      task.run(chunk, worker);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(waiting);
      }
    }
  }

  private void await() {
    if (spin(() -> unfinished.get() == 0)) {
      return;
    }
    waiting = Thread.currentThread();
    while (unfinished.get() != 0) {
      LockSupport.park(this);
    }
    waiting = null;
  }

  private static void rethrow(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  private static boolean spin(Condition condition) {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > SPIN_NANOS) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  /** Ends the threads. No task may be running. */
  @Override
  public void close() {
    closed = true;
    for (CpuTeam team : other) {
      if (team.other.contains(this)) {
        team.other = List.of();
      }
    }
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
    boolean interrupted = false;
    for (Worker worker : workers) {
      interrupted |= joined(worker);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a thread's end; returns whether the caller was interrupted meanwhile. */
  private static boolean joined(Worker worker) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds();
  }

  private final class Worker extends Thread {
    private final int index;
    private volatile boolean parked;

    private Worker(int index) {
      super("spectron-cpu-" + index);
      setDaemon(true);
      this.index = index;
    }

    @Override
    public void run() {
      while (!closed) {
        if (spin(this::isWanted)) {
          work(index);
        } else {
          parked = true;
          if (!isWanted()) {
            LockSupport.park(CpuTeam.this);
          }
          parked = false;
        }
      }
    }

    private boolean isWanted() {
      return closed || ((int) open.get() != 0 && index < admitted);
    }

    private void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }
  }
}
