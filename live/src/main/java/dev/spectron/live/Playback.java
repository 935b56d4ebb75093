package dev.spectron.live;

import dev.spectron.audio.ResamplerStream;
import dev.spectron.sdk.Speech;
import java.util.Arrays;
import java.util.List;

/**
 * One answer on its way to the loudspeaker. Its samples are kept until the end, so that what was
 * written but not yet played can be taken back and written again at another loudness: a change is
 * heard at once, however much is queued.
 */
final class Playback {
  private static final double RAMP_SECONDS = 0.005;

  private final SoundOutput output;
  private final float duckGain;
  private final float rampStep;
  private float[] sound = new float[1 << 14];
  private int length;
  private int written;
  private float gain = 1;
  private float target = 1;
  private boolean complete;
  private int gaps;
  private boolean dry;
  private List<ResamplerStream> resampler = List.of();

  Playback(SoundOutput output, double duckDecibels) {
    this.output = output;
    this.duckGain = (float) Math.pow(10, -duckDecibels / 20);
    this.rampStep = (float) (1 / (RAMP_SECONDS * output.rate()));
  }

  /** More of the answer. */
  void add(Speech speech) {
    if (speech.sampleRate() == output.rate()) {
      append(speech.samples());
      return;
    }
    if (resampler.isEmpty()) {
      resampler = List.of(new ResamplerStream(speech.sampleRate(), output.rate()));
    }
    append(resampler.getFirst().next(speech.samples()));
  }

  /** There is no more. */
  void complete() {
    resampler.forEach(stream -> append(stream.last()));
    complete = true;
  }

  private void append(float[] samples) {
    if (length + samples.length > sound.length) {
      sound = Arrays.copyOf(sound, Math.max(2 * sound.length, length + samples.length));
    }
    System.arraycopy(samples, 0, sound, length, samples.length);
    length += samples.length;
  }

  /** Whether the first sample was written. */
  boolean hasBegun() {
    return written > 0;
  }

  /** Whether the last sample was played. */
  boolean isOver() {
    return complete && written == length && output.queued() == 0;
  }

  /** Seconds added and not yet written. */
  double secondsAhead() {
    return (length - written) / (double) output.rate();
  }

  /** Seconds that were played. */
  double secondsPlayed() {
    return Math.max(0, written - output.queued()) / (double) output.rate();
  }

  /** How often the loudspeaker ran dry before the end. */
  int gaps() {
    return gaps;
  }

  /** Sets whether it is quieter. */
  void duck(boolean quieter) {
    float wanted = quieter ? duckGain : 1;
    if (wanted != target) {
      target = wanted;
      written -= Math.min(written, output.drop());
    }
  }

  /** Fills the loudspeaker's queue. */
  void fill() {
    if (hasBegun() && !complete && written == length && output.queued() == 0) {
      gaps += dry ? 0 : 1;
      dry = true;
    } else if (written < length) {
      dry = false;
    }
    write(Math.min(output.room(), length - written));
  }

  /** Ends it now, within 5 ms. */
  void stop() {
    written -= Math.min(written, output.drop());
    target = 0;
    int fade = (int) Math.ceil(gain / rampStep);
    write(Math.min(Math.min(output.room(), length - written), fade));
  }

  private void write(int samples) {
    if (samples <= 0) {
      return;
    }
    float[] block = Arrays.copyOfRange(sound, written, written + samples);
    for (int i = 0; i < samples; i++) {
      gain = target > gain ? Math.min(target, gain + rampStep) : Math.max(target, gain - rampStep);
      block[i] *= gain;
    }
    written += samples;
    output.write(block);
  }
}
