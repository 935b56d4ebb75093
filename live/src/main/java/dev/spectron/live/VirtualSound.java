package dev.spectron.live;

import dev.spectron.core.signal.Waveform;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A sound device without a machine's: hears a recording, keeps what is played, and has a clock of
 * its own, which goes as fast as the session takes sound. What is written is played in turn, behind
 * what is queued already.
 */
public final class VirtualSound implements SoundInput, SoundOutput {
  private static final int LONGEST_REST_SECONDS = 300;

  private final Waveform recording;
  private final Setting setting;
  private final int block;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::sample).thenComparingLong(Task::order));
  private final float[] queue;
  private int queued;
  private float[] played;
  private long now;
  private volatile boolean closed;

  /**
   * How it behaves.
   *
   * @param queueMilliseconds most sound that is queued, at least 10
   * @param echo how loud what is played is heard at once, 0 for not at all, 1 for as loud
   * @param waits whether its clock stands still while the model is at work
   */
  public record Setting(int queueMilliseconds, float echo, boolean waits) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Setting {
      if (queueMilliseconds < 10 || queueMilliseconds > 10_000 || !(echo >= 0 && echo <= 1)) {
        throw new IllegalArgumentException(
            "virtual sound: expected a queue of 10 to 10000 ms and an echo of 0 to 1, found %d ms and %s"
                .formatted(queueMilliseconds, echo));
      }
    }

    /** A queue of 100 ms, no echo, and a clock that waits. */
    public static Setting usual() {
      return new Setting(100, 0, true);
    }
  }

  private record Task(long sample, long order, Runnable work) {}

  /**
   * At second 0.
   *
   * @param recording what is heard; after its end there is silence until all is said
   */
  public VirtualSound(Waveform recording, Setting setting) {
    this.recording = recording;
    this.setting = setting;
    this.block = Math.max(1, recording.sampleRate() / 100);
    this.queue = new float[setting.queueMilliseconds() * recording.sampleRate() / 1000];
    this.played = new float[recording.samples().length + block];
  }

  /** Has something done at a time, by the thread that runs the session, before it hears on. */
  public void at(double seconds, Runnable work) {
    tasks.add(new Task(Math.round(seconds * rate()), tasks.size(), work));
  }

  /** Seconds that have passed. */
  public double now() {
    return now / (double) rate();
  }

  /** What was played so far, from second 0 on. */
  public Waveform played() {
    return new Waveform(Arrays.copyOf(played, (int) now), rate());
  }

  @Override
  public int rate() {
    return recording.sampleRate();
  }

  @Override
  public boolean waitsForAnswers() {
    return setting.waits();
  }

  @Override
  public void run(Receiver receiver) {
    long end = recording.samples().length;
    long last = end + (long) LONGEST_REST_SECONDS * rate();
    boolean wanted = true;
    while (wanted && !closed && (now < end || (now < last && !receiver.isIdle()))) {
      float[] sound = heard();
      now += block;
      while (!tasks.isEmpty() && tasks.peek().sample() <= now) {
        tasks.poll().work().run();
      }
      wanted = receiver.take(sound);
    }
  }

  /** The next block of the recording and of the echo; plays what is echoed. */
  private float[] heard() {
    float[] sound = new float[block];
    float[] samples = recording.samples();
    if (now + block > played.length) {
      played = Arrays.copyOf(played, 2 * played.length);
    }
    int from = (int) now;
    System.arraycopy(queue, 0, played, from, Math.min(block, queued));
    forgetQueue(Math.min(block, queued));
    for (int i = 0; i < block; i++) {
      float said = from + i < samples.length ? samples[from + i] : 0;
      sound[i] = said + setting.echo() * played[from + i];
    }
    return sound;
  }

  private void forgetQueue(int samples) {
    System.arraycopy(queue, samples, queue, 0, queued - samples);
    queued -= samples;
  }

  @Override
  public int room() {
    return queue.length - queued;
  }

  @Override
  public int queued() {
    return queued;
  }

  @Override
  public void write(float[] samples) {
    if (samples.length > room()) {
      throw new IllegalArgumentException(
          "virtual sound: expected at most %d samples, found %d; ask for the room first"
              .formatted(room(), samples.length));
    }
    System.arraycopy(samples, 0, queue, queued, samples.length);
    queued += samples.length;
  }

  @Override
  public int drop() {
    int dropped = queued;
    queued = 0;
    return dropped;
  }

  @Override
  public void close() {
    closed = true;
  }
}
