package dev.spectron.vocoder;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CancelledException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.FrameBuffer;
import dev.spectron.core.signal.LogMel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A {@link SpeechStream} on a thread of its own, so that frames become sound while the next ones
 * are still being written. The samples are those of the stream for frames in pieces of {@link
 * #PIECE}, whatever the pace of either thread. For one thread, which need not be that of a back
 * end.
 */
public final class SpeechLane implements AutoCloseable {
  /**
   * Frames that the stream is given at a time. WaveFit computes some ten frames around each piece
   * again: pieces of a single frame made its sound of 3 s in 5.8 s, where the whole took 2.4.
   */
  static final int PIECE = 32;

  private static final long POLL_MILLIS = 5;

  private final AtomicBoolean given = new AtomicBoolean();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("spectron-vocoder").factory());
  private final Deque<Future<float[]>> pending = new ArrayDeque<>();
  private final Backend backend;
  private final SpeechStream stream;
  private final FeatureSpec spec;
  private final FrameBuffer waiting;
  private int handed;

  /**
   * A lane for one utterance.
   *
   * @param backend used by the lane alone and closed with it, see {@link Backend#beside()}
   * @param spec features of the frames
   * @param random as in {@link Vocoder#stream}
   */
  public SpeechLane(Vocoder vocoder, Backend backend, FeatureSpec spec, RandomGenerator random) {
    this.backend = backend;
    this.spec = spec;
    this.waiting = new FrameBuffer(spec.nMels());
    this.stream = vocoder.stream(backend, random, given::get);
  }

  /** Hands over the frames that follow. */
  public void push(LogMel logMel) {
    waiting.append(logMel.frames());
    while (waiting.end() - handed >= PIECE) {
      hand(handed + PIECE);
    }
  }

  private void hand(int end) {
    LogMel piece = new LogMel(waiting.slice(handed, end), spec);
    pending.add(thread.submit(() -> stream.push(piece)));
    waiting.forget(end);
    handed = end;
  }

  /**
   * The samples that are there by now and were not returned before, in pieces that may be empty.
   *
   * @throws RuntimeException what {@link SpeechStream#push} threw
   */
  public List<float[]> ready() {
    List<float[]> made = new ArrayList<>();
    while (!pending.isEmpty() && pending.peek().isDone()) {
      made.add(await(pending.remove(), Cancellation.never()));
    }
    return made;
  }

  /** Ends the utterance; {@link #next} returns the rest. */
  public void finish() {
    hand(waiting.end());
    Callable<float[]> last = stream::finish;
    pending.add(thread.submit(last));
  }

  /** Whether {@link #next} has something to wait for. */
  public boolean hasNext() {
    return !pending.isEmpty();
  }

  /**
   * Waits for the next piece.
   *
   * @param cancellation asked while waiting
   * @throws CancelledException once {@code cancellation} is requested
   * @throws RuntimeException what {@link SpeechStream#push} or {@link SpeechStream#finish} threw
   */
  public float[] next(Cancellation cancellation) {
    return await(pending.remove(), cancellation);
  }

  private static float[] await(Future<float[]> piece, Cancellation cancellation) {
    boolean interrupted = false;
    try {
      while (true) {
        cancellation.check();
        try {
          return piece.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Asks again.
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            default -> throw new IllegalStateException("vocoder: " + e.getCause(), e);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives up what is not made yet, waits for the thread to end and closes the back end. */
  @Override
  public void close() {
    given.set(true);
    // Waits however often it is interrupted: the back end must not be closed under the thread.
    thread.close();
    backend.close();
  }
}
