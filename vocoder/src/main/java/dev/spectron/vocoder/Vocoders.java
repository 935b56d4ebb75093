package dev.spectron.vocoder;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import dev.spectron.vocoder.griffinlim.GriffinLimStream;
import dev.spectron.vocoder.griffinlim.GriffinLimVocoder;
import dev.spectron.vocoder.wavefit.WaveFit;
import dev.spectron.vocoder.wavefit.WaveFitStream;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The closed list of vocoders. */
public final class Vocoders {
  private Vocoders() {}

  /**
   * The vocoder that {@code config} names.
   *
   * @param config kind and settings
   * @param spec the features the model answers with
   * @param weights root of the vocoder's weights; Griffin–Lim reads none
   * @throws BundleException if the vocoder needs other features
   */
  public static Vocoder load(VocoderConfig config, FeatureSpec spec, WeightScope weights) {
    return new CheckedVocoder(
        switch (config.kind()) {
          case GRIFFIN_LIM ->
              new Algorithmic(
                  new GriffinLimVocoder(config.griffinLim(), spec), config.griffinLim(), spec);
          case WAVEFIT -> new Neural(WaveFit.load(config.wavefit(), spec, weights));
        },
        spec);
  }

  private record Algorithmic(
      GriffinLimVocoder griffinLim, GriffinLimConfig config, FeatureSpec spec) implements Vocoder {
    @Override
    public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
      return synthesize(backend, logMel, random, Cancellation.never());
    }

    @Override
    public Waveform synthesize(
        Backend backend, LogMel logMel, RandomGenerator random, Cancellation cancellation) {
      return griffinLim.synthesize(logMel, cancellation);
    }

    @Override
    public SpeechStream stream(Backend backend, RandomGenerator random) {
      return stream(backend, random, Cancellation.never());
    }

    @Override
    public SpeechStream stream(Backend backend, RandomGenerator random, Cancellation cancellation) {
      GriffinLimStream stream = new GriffinLimStream(config, spec, cancellation);
      LogMel none = new LogMel(new float[0], spec);
      return new Stream(logMel -> stream.push(logMel, false), () -> stream.push(none, true));
    }
  }

  private record Neural(WaveFit waveFit) implements Vocoder {
    @Override
    public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
      return waveFit.synthesize(backend, logMel, random);
    }

    @Override
    public SpeechStream stream(Backend backend, RandomGenerator random) {
      WaveFitStream stream = waveFit.stream(backend, random);
      return new Stream(stream::push, stream::finish);
    }
  }

  private record Stream(Function<LogMel, float[]> onFrames, Supplier<float[]> onEnd)
      implements SpeechStream {
    @Override
    public float[] push(LogMel logMel) {
      return onFrames.apply(logMel);
    }

    @Override
    public float[] finish() {
      return onEnd.get();
    }
  }
}
