package dev.spectron.spokenlm;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.SpeechStream;
import dev.spectron.vocoder.Vocoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What makes an answer's sound, behind the frames or at their end, and tells of it. */
abstract sealed class Voice {
  private final AnswerListener listener;
  private final int sampleRate;
  private final List<float[]> heard = new ArrayList<>();
  private int length;
  private double milliseconds;

  private Voice(AnswerListener listener, int sampleRate) {
    this.listener = listener;
    this.sampleRate = sampleRate;
  }

  /** Takes frames as they are written. */
  final void frames(LogMel logMel) {
    Stopwatch watch = new Stopwatch();
    float[] samples = pushed(logMel);
    milliseconds += watch.lap();
    pass(samples);
  }

  /** Makes the rest and returns all of it. */
  final Waveform finish(LogMel all, SplittableRandom random) {
    Stopwatch watch = new Stopwatch();
    float[] samples = rest(all, random);
    milliseconds += watch.lap();
    pass(samples);
    float[] joined = new float[length];
    int at = 0;
    for (float[] part : heard) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return new Waveform(joined, sampleRate);
  }

  /** Spent on sound so far. */
  final double milliseconds() {
    return milliseconds;
  }

  abstract float[] pushed(LogMel logMel);

  abstract float[] rest(LogMel all, SplittableRandom random);

  private void pass(float[] samples) {
    if (samples.length > 0) {
      int position = length;
      heard.add(samples);
      length += samples.length;
      listener.speech(position, samples.clone(), sampleRate);
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
    float[] pushed(LogMel logMel) {
      return new float[0];
    }

    @Override
    float[] rest(LogMel all, SplittableRandom random) {
      return vocoder.synthesize(backend, all, random, cancellation).samples();
    }
  }

  /** Works on frames as soon as they are written. */
  static final class Streamed extends Voice {
    private final SpeechStream stream;

    Streamed(SpeechStream stream, int sampleRate, AnswerListener listener) {
      super(listener, sampleRate);
      this.stream = stream;
    }

    @Override
    float[] pushed(LogMel logMel) {
      return stream.push(logMel);
    }

    @Override
    float[] rest(LogMel all, SplittableRandom random) {
      return stream.finish();
    }
  }
}
