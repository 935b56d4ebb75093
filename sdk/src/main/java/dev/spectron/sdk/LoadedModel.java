package dev.spectron.sdk;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CapacityException;
import dev.spectron.lm.SamplingOptions;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.AnswerOptions;
import dev.spectron.spokenlm.AnswerRequest;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.StageTimings;
import dev.spectron.vocoder.VocoderConfig;
import java.util.List;

/** A model on its back end, for one thread at a time but for what says otherwise. */
final class LoadedModel implements AutoCloseable {
  /** Without it the tokenizer's library tells its makers where it runs. */
  private static final String NO_REPORTS = "OPT_OUT_TRACKING";

  private final SpokenLmBundle bundle;
  private final Backend backend;
  private final AnswerLoop loop;
  private final LogMelExtractor extractor;
  private final SpectronOptions options;
  private final double loadMillis;

  private LoadedModel(
      SpokenLmBundle bundle,
      Backend backend,
      AnswerLoop loop,
      SpectronOptions options,
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
    if (System.getProperty(NO_REPORTS) == null) {
      System.setProperty(NO_REPORTS, "true");
    }
    long start = System.nanoTime();
    SpokenLmBundle bundle = open(options);
    try {
      Backend backend = Backends.open(options.backend());
      try {
        AnswerLoop loop = bundle.load(backend, vocoder(options, bundle));
        double millis = (System.nanoTime() - start) / 1e6;
        return new LoadedModel(bundle, backend, loop, options, millis);
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

  /** For any thread. */
  LogMelExtractor extractor() {
    return extractor;
  }

  boolean hearsContext() {
    return bundle.config().decoding().takesContext();
  }

  /**
   * What is asked and how.
   *
   * @param forgotten how many turns there were before {@code turns}
   */
  record Request(
      Speech question, List<Turn> turns, int forgotten, ConversationOptions options, long seed) {}

  Answer answer(Request request, EventSink sink, Cancellation cancellation) {
    int sampleRate = loop.outputFeatures().sampleRate();
    EventRelay relay = new EventRelay(sink, chunk(sampleRate), sampleRate);
    List<dev.spectron.spokenlm.Turn> context =
        request.turns.stream()
            .map(turn -> new dev.spectron.spokenlm.Turn(turn.transcript(), turn.text()))
            .toList();
    AnswerRequest asked =
        new AnswerRequest(request.question.waveform(), context, answerOptions(request));
    try {
      dev.spectron.spokenlm.Answer answer = loop.answer(backend, asked, relay, cancellation);
      return answer(answer, relay.firstAudio(), request.forgotten);
    } catch (CapacityException e) {
      throw request.question.name().isEmpty()
          ? e
          : new CapacityException(request.question.name() + ": " + e.getMessage(), e.code(), e);
    }
  }

  private int chunk(int sampleRate) {
    return Math.toIntExact(
        Math.max(1, options.audioChunk().toNanos() * sampleRate / 1_000_000_000));
  }

  private Answer answer(dev.spectron.spokenlm.Answer answer, double firstAudio, int forgotten) {
    return new Answer(
        answer.transcript(),
        answer.text(),
        new Spectrogram(answer.logMel()),
        Speech.ofAnswer(answer.speech()),
        answer.ending() == dev.spectron.spokenlm.Answer.Ending.STOP,
        timings(answer.timings(), firstAudio, answer.speech().seconds()),
        new Answer.Context(answer.context().turns(), forgotten + answer.context().dropped()));
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

  private AnswerOptions answerOptions(Request request) {
    ConversationOptions how = request.options;
    return new AnswerOptions(
        new SamplingOptions(how.temperature(), how.topP()),
        request.seed,
        how.maxSpeechFrames(),
        switch (options.synthesis()) {
          case STREAMED -> AnswerOptions.Synthesis.STREAMED;
          case WHOLE -> AnswerOptions.Synthesis.WHOLE;
        });
  }

  private Timings timings(StageTimings stages, double firstAudio, double seconds) {
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
        Math.min(firstAudio, total),
        total / 1000 / seconds);
  }
}
