package dev.spectron.vocoder;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.spectrum.ExpectedFeatures;
import java.util.random.RandomGenerator;

/**
 * Gives every vocoder the same manners: the features are those it was loaded for, all values are
 * finite, no frames give no samples, and nothing leaves [−1, 1].
 *
 * @param vocoder makes the samples
 * @param spec the features it was loaded for
 */
record CheckedVocoder(Vocoder vocoder, FeatureSpec spec) implements Vocoder {
  @Override
  public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
    return synthesize(backend, logMel, random, Cancellation.never());
  }

  @Override
  public Waveform synthesize(
      Backend backend, LogMel logMel, RandomGenerator random, Cancellation cancellation) {
    check(logMel);
    if (logMel.time() == 0) {
      return new Waveform(new float[0], spec.sampleRate());
    }
    Waveform waveform = vocoder.synthesize(backend, logMel, random, cancellation);
    limit(waveform.samples());
    return waveform;
  }

  @Override
  public SpeechStream stream(Backend backend, RandomGenerator random) {
    return stream(backend, random, Cancellation.never());
  }

  @Override
  public SpeechStream stream(Backend backend, RandomGenerator random, Cancellation cancellation) {
    SpeechStream stream = vocoder.stream(backend, random, cancellation);
    return new CheckedStream(stream, new ExpectedFeatures(spec), cancellation);
  }

  /** Checks frames by their place in the utterance; a refused push does not count. */
  private static final class CheckedStream implements SpeechStream {
    private final SpeechStream stream;
    private final ExpectedFeatures features;
    private final Cancellation cancellation;
    private int frames;
    private boolean finished;

    private CheckedStream(
        SpeechStream stream, ExpectedFeatures features, Cancellation cancellation) {
      this.stream = stream;
      this.features = features;
      this.cancellation = cancellation;
    }

    @Override
    public float[] push(LogMel logMel) {
      requireOpen();
      cancellation.check();
      features.check(logMel, frames);
      frames = Math.addExact(frames, logMel.time());
      return cut(stream.push(logMel));
    }

    @Override
    public float[] finish() {
      requireOpen();
      cancellation.check();
      finished = true;
      return cut(stream.finish());
    }

    private void requireOpen() {
      if (finished) {
        throw new IllegalStateException(
            "vocoder: the stream is finished; open another one for another utterance");
      }
    }

    private static float[] cut(float[] samples) {
      for (int i = 0; i < samples.length; i++) {
        samples[i] = Math.clamp(samples[i], -1f, 1f);
      }
      return samples;
    }
  }

  private void check(LogMel logMel) {
    new ExpectedFeatures(spec).check(logMel, 0);
    if ((long) logMel.time() * spec.hopLength() > Integer.MAX_VALUE - 16) {
      throw new CapacityException(
          "vocoder: %d frames at hop %d do not fit one array; synthesize shorter pieces"
              .formatted(logMel.time(), spec.hopLength()));
    }
  }

  /** Turns the whole utterance down where its peak is above 1: quieter, but not distorted. */
  private static void limit(float[] samples) {
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    if (peak > 1) {
      for (int i = 0; i < samples.length; i++) {
        samples[i] /= peak;
      }
    }
  }
}
