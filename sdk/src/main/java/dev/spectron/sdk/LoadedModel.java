package dev.spectron.sdk;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.signal.Waveform;
import dev.spectron.lm.SamplingOptions;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.AnswerOptions;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.StageTimings;
import dev.spectron.vocoder.VocoderConfig;

/** A model on its back end, for one thread at a time. */
final class LoadedModel implements AutoCloseable {
  private final SpokenLmBundle bundle;
  private final Backend backend;
  private final AnswerLoop loop;
  private final LogMelExtractor extractor;
  private final AnswerOptions options;
  private final double loadMillis;

  private LoadedModel(
      SpokenLmBundle bundle,
      Backend backend,
      AnswerLoop loop,
      AnswerOptions options,
      double loadMillis) {
    this.bundle = bundle;
    this.backend = backend;
    this.loop = loop;
    this.extractor = new LogMelExtractor(bundle.config().inputFeatures());
    this.options = options;
    this.loadMillis = loadMillis;
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or here if a later part fails
  static LoadedModel load(SpectronOptions options) {
    long start = System.nanoTime();
    SpokenLmBundle bundle = open(options);
    try {
      Backend backend = Backends.open(options.backend());
      try {
        AnswerLoop loop = bundle.load(backend, vocoder(options, bundle));
        double millis = (System.nanoTime() - start) / 1e6;
        return new LoadedModel(bundle, backend, loop, answerOptions(options), millis);
      } catch (RuntimeException | Error e) {
        backend.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      bundle.close();
      throw e;
    }
  }

  private static VocoderConfig.Kind vocoder(SpectronOptions options, SpokenLmBundle bundle) {
    return switch (options.vocoder()) {
      case OF_MODEL -> bundle.vocoder().kind();
      case GRIFFIN_LIM -> VocoderConfig.Kind.GRIFFIN_LIM;
      case WAVEFIT -> VocoderConfig.Kind.WAVEFIT;
    };
  }

  String name() {
    return bundle.name();
  }

  String backend() {
    return backend.name();
  }

  boolean continuesSpeech() {
    return !bundle.config().decoding().answerToken();
  }

  LogMelExtractor extractor() {
    return extractor;
  }

  Answer answer(Waveform question) {
    return answer(loop.answer(backend, question, options));
  }

  Answer answer(Waveform question, AnswerListener listener) {
    return answer(loop.answer(backend, question, options, new Relay(listener)));
  }

  private record Relay(AnswerListener listener) implements dev.spectron.spokenlm.AnswerListener {
    @Override
    public void text(String transcript, String text) {
      listener.text(transcript, text);
    }

    @Override
    public void speech(float[] samples, int sampleRate) {
      listener.speech(samples, sampleRate);
    }
  }

  private Answer answer(dev.spectron.spokenlm.Answer answer) {
    return new Answer(
        answer.transcript(),
        answer.text(),
        new Spectrogram(answer.logMel()),
        new Speech(answer.speech()),
        answer.ending() == dev.spectron.spokenlm.Answer.Ending.STOP,
        timings(answer.timings(), answer.speech().seconds()));
  }

  @Override
  public void close() {
    backend.close();
    bundle.close();
  }

  private static SpokenLmBundle open(SpectronOptions options) {
    return switch (options.model()) {
      case SpectronOptions.Model.Embedded _ -> embedded(SpectronOptions.Model.Embedded.FOLDER);
      case SpectronOptions.Model.EmbeddedContinuation _ ->
          embedded(SpectronOptions.Model.EmbeddedContinuation.FOLDER);
      case SpectronOptions.Model.Bundle model -> SpokenLmBundle.open(model.folder());
      case SpectronOptions.Model.RandomWeights model ->
          SpokenLmBundle.random(model.configuration(), options.seed());
    };
  }

  private static SpokenLmBundle embedded(String folder) {
    return SpokenLmBundle.openResources(LoadedModel.class.getClassLoader(), folder);
  }

  private static AnswerOptions answerOptions(SpectronOptions options) {
    return new AnswerOptions(
        new SamplingOptions(options.temperature(), options.topP()),
        options.seed(),
        options.maxSpeechFrames());
  }

  /** The vocoder works on the whole spectrogram, so the first sample comes with the last. */
  private Timings timings(StageTimings stages, double seconds) {
    double total = stages.total();
    return new Timings(
        loadMillis,
        stages.features(),
        stages.encode(),
        stages.prefill(),
        stages.text(),
        stages.frames(),
        stages.vocoder(),
        total,
        total,
        total / 1000 / seconds);
  }
}
