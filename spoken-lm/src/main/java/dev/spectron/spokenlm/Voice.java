package dev.spectron.spokenlm;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.SpeechLane;
import dev.spectron.vocoder.SpeechStream;
import dev.spectron.vocoder.Vocoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What makes an answer's sound, behind the frames or at their end, and tells of it. */
abstract sealed class Voice implements AutoCloseable {
  private final AnswerListener listener;
  private final int sampleRate;
  private final List<float[]> heard = new ArrayList<>();
  private final Stopwatch watch = new Stopwatch();
  private int length;
  private double milliseconds;

  private Voice(AnswerListener listener, int sampleRate) {
    this.listener = listener;
    this.sampleRate = sampleRate;
  }

  /** Takes frames as they are written. */
  final void frames(LogMel logMel) {
    watch.lap();
    push(logMel);
    milliseconds += watch.lap();
  }

  /** Makes the rest and returns all of it. */
  final Waveform finish(LogMel all, SplittableRandom random) {
    watch.lap();
    rest(all, random);
    milliseconds += watch.lap();
    float[] joined = new float[length];
    int at = 0;
    for (float[] part : heard) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return new Waveform(joined, sampleRate);
  }

  /** That this thread has spent on sound, or waiting for it. */
  final double milliseconds() {
    return milliseconds;
  }

  abstract void push(LogMel logMel);

  abstract void rest(LogMel all, SplittableRandom random);

  @Override
  public void close() {}

  final void pass(float[] samples) {
    if (samples.length > 0) {
      int position = length;
      heard.add(samples);
      length += samples.length;
      watch.without(() -> listener.speech(position, samples.clone(), sampleRate));
    }
  }

  /** Waits for the last frame. */
  static final class Whole extends Voice {
    private final Vocoder vocoder;
    private final Backend backend;
    private final Cancellation cancellation;

    Whole(
        Vocoder vocoder,
        Backend backend,
        int sampleRate,
        AnswerListener listener,
        Cancellation cancellation) {
      super(listener, sampleRate);
      this.vocoder = vocoder;
      this.backend = backend;
      this.cancellation = cancellation;
    }

    @Override
    void push(LogMel logMel) {}

    @Override
    void rest(LogMel all, SplittableRandom random) {
      pass(vocoder.synthesize(backend, all, random, cancellation).samples());
    }
  }

  /** Works on frames as soon as they are written, in turn with the decoder. */
  static final class Streamed extends Voice {
    private final SpeechStream stream;

    Streamed(SpeechStream stream, int sampleRate, AnswerListener listener) {
      super(listener, sampleRate);
      this.stream = stream;
    }

    @Override
    void push(LogMel logMel) {
      pass(stream.push(logMel));
    }

    @Override
    void rest(LogMel all, SplittableRandom random) {
      pass(stream.finish());
    }
  }

  /** The same on another thread, while the decoder writes the next frames. */
  static final class Beside extends Voice {
    private final SpeechLane lane;
    private final Cancellation cancellation;

    Beside(SpeechLane lane, int sampleRate, AnswerListener listener, Cancellation cancellation) {
      super(listener, sampleRate);
      this.lane = lane;
      this.cancellation = cancellation;
    }

    @Override
    void push(LogMel logMel) {
      lane.ready().forEach(this::pass);
      lane.push(logMel);
    }

    @Override
    void rest(LogMel all, SplittableRandom random) {
      lane.finish();
      while (lane.hasNext()) {
        pass(lane.next(cancellation));
      }
    }

    @Override
    public void close() {
      lane.close();
    }
  }
}
