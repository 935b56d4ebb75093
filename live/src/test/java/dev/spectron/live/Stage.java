package dev.spectron.live;

import dev.spectron.audio.Resampler;
import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What a microphone hears, put together, and what came of it. */
final class Stage {
  static final int RATE = 16_000;
  private static final Path QUESTIONS = Path.of("..", "samples", "questions");

  final List<LiveEvent> events = new ArrayList<>();
  private final float[] heard;
  private final SplittableRandom random = new SplittableRandom(1);

  /** Seconds of a quiet room. */
  Stage(double seconds) {
    this.heard = new float[(int) (seconds * RATE)];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = (float) (0.0005 * random.nextGaussian());
    }
  }

  /** Somebody asks; returns when the first sound above a tenth of the loudest is heard. */
  double question(String name, double at) {
    float[] samples = voice(name);
    add(samples, at);
    return at + edge(samples, false);
  }

  /** When the last sound above a tenth of the loudest is heard, if it is asked at a time. */
  static double endOf(String name, double at) {
    return at + edge(voice(name), true);
  }

  static float[] voice(String name) {
    return WavFile.read(QUESTIONS.resolve(name + ".wav")).samples();
  }

  private static double edge(float[] samples, boolean last) {
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    int i = last ? samples.length - 1 : 0;
    while (Math.abs(samples[i]) < peak / 10) {
      i += last ? -1 : 1;
    }
    return i / (double) RATE;
  }

  /** Somebody coughs: a burst of noise that begins at once and fades. */
  void cough(double at, double seconds) {
    float[] samples = new float[(int) (seconds * RATE)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * random.nextGaussian() * Math.exp(-2.0 * i / samples.length));
    }
    add(samples, at);
  }

  private void add(float[] samples, double at) {
    int from = (int) Math.round(at * RATE);
    for (int i = 0; i < samples.length; i++) {
      heard[from + i] += Math.clamp(samples[i], -0.9f, 0.9f);
    }
  }

  float[] heard() {
    return heard;
  }

  VirtualSound device(int rate, VirtualSound.Setting setting) {
    return new VirtualSound(Resampler.resample(new Waveform(heard, RATE), rate), setting);
  }

  /** Plays it all; the events are in {@link #events}. */
  void play(VirtualSound device, ScriptedAnswers answers, LiveOptions options) {
    new LiveSession(device, device, answers, options, events::add).run();
  }

  <T extends LiveEvent> List<T> events(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Loudness of what is played, of the 2.5 ms from a time on: 1 for an answer at its usual. */
  static double loudness(Waveform played, double at) {
    int window = played.sampleRate() / 400;
    int from = (int) Math.round(at * played.sampleRate());
    double sum = 0;
    for (int i = from; i < from + window; i++) {
      sum += (double) played.samples()[i] * played.samples()[i];
    }
    return Math.sqrt(2 * sum / window) / ScriptedAnswers.LEVEL;
  }

  /** How long after a time the loudness is below a limit, seconds. */
  static double quietAfter(Waveform played, double from, double limit) {
    double at = from;
    while (loudness(played, at) >= limit) {
      at += 0.0025;
    }
    return at - from;
  }
}
