package dev.spectron.spokenlm;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.Resampler;
import dev.spectron.conformer.EncoderStates;
import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.Sampler;
import dev.spectron.lm.Tokenizer;
import dev.spectron.vocoder.SpeechStream;
import dev.spectron.vocoder.Vocoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * From a spoken question to a spoken answer: log-mel spectrogram, encoder, speech prefix, then in
 * one decoding pass transcript, answer text and frames, then the vocoder. The only place that knows
 * this order. Immutable; a call keeps all its state to itself, so several back ends may share one
 * loop only if they share the model's weights.
 */
public final class AnswerLoop {
  private final SpokenLanguageModel model;
  private final Tokenizer tokenizer;
  private final Vocoder vocoder;
  private final LogMelExtractor extractor;
  private final TextDecoder textDecoder;
  private final SpeechDecoder speechDecoder;

  /**
   * A loop over loaded stages.
   *
   * @param tokenizer knows {@code <sos>}, {@code <eos>} and, if the bundle uses it, {@code
   *     <answer>}
   */
  public AnswerLoop(SpokenLanguageModel model, Tokenizer tokenizer, Vocoder vocoder) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.vocoder = vocoder;
    this.extractor = new LogMelExtractor(model.config().inputFeatures());
    this.textDecoder = new TextDecoder(model, tokenizer);
    this.speechDecoder = new SpeechDecoder(model);
  }

  /** The loaded stages. */
  public SpokenLanguageModel model() {
    return model;
  }

  /** Text to token ids and back; ends with the bundle it came from. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** What turns the answer's frames into sound. */
  public Vocoder vocoder() {
    return vocoder;
  }

  /** Features of the answer's frames. */
  public FeatureSpec outputFeatures() {
    return model.config().outputFeatures();
  }

  /**
   * Answers one question.
   *
   * @param backend holds the model's weights; used by this thread alone
   * @param question any rate, at least one sample
   * @throws CapacityException if the question is too long for {@code lm.max_positions} or for
   *     {@code conformer.long_audio}
   */
  public Answer answer(Backend backend, Waveform question, AnswerOptions options) {
    return answer(backend, question, options, new WholeVoice(backend));
  }

  /**
   * Answers one question and lets the answer be heard while it is being made: the vocoder works on
   * frames as soon as they are written. Text and frames are those of {@link #answer(Backend,
   * Waveform, AnswerOptions)}; the samples may differ where the vocoder knows what follows.
   *
   * @param backend holds the model's weights; used by this thread alone
   * @param question any rate, at least one sample
   * @param listener hears text and samples
   * @throws CapacityException if the question is too long for {@code lm.max_positions} or for
   *     {@code conformer.long_audio}
   */
  public Answer answer(
      Backend backend, Waveform question, AnswerOptions options, AnswerListener listener) {
    return answer(backend, question, options, new StreamedVoice(backend, options, listener));
  }

  private Answer answer(Backend backend, Waveform question, AnswerOptions options, Voice voice) {
    Stopwatch watch = new Stopwatch();
    int maxFrames =
        Math.min(options.maxSpeechFrames(), model.config().decoding().maxSpeechFrames());
    int capacity = capacity(question, maxFrames);
    LogMel prompt = extractor.extract(Resampler.resample(question, extractor.spec().sampleRate()));
    double features = watch.lap();
    SplittableRandom random = new SplittableRandom(options.seed());
    try (Scope _ = backend.openScope();
        KvCache cache = model.lm().cache(backend, 1, capacity)) {
      EncoderStates prefix = prefix(backend, prompt, longAudio(options));
      double encode = watch.lap();
      Tensor state = prefill(backend, prefix, cache);
      double prefill = watch.lap();
      TextDecoder.Text text =
          textDecoder.decode(backend, state, cache, new Sampler(options.sampling(), random));
      double textTime = watch.lap();
      voice.text(text.transcript(), text.answer());
      SpeechDecoder.Speech speech =
          speechDecoder.decode(backend, text.state(), cache, maxFrames, random, voice::frames);
      double streamed = voice.milliseconds();
      double frames = watch.lap() - streamed;
      Waveform waveform = voice.finish(speech.logMel(), random);
      StageTimings timings =
          new StageTimings(features, encode, prefill, textTime, frames, streamed + watch.lap());
      return new Answer(
          text.transcript(), text.answer(), speech.logMel(), waveform, timings, speech.ending());
    }
  }

  /** Positions of the whole run, known before any work is done. */
  private int capacity(Waveform question, int maxFrames) {
    FeatureSpec spec = model.config().inputFeatures();
    long samples =
        Math.ceilDiv((long) question.samples().length * spec.sampleRate(), question.sampleRate());
    long prefix =
        Math.ceilDiv(
            1 + samples / spec.hopLength(), model.config().conformer().subsamplingFactor());
    long afterPrefix =
        2L
            + model.config().decoding().maxTextTokens()
            + Math.ceilDiv(maxFrames, model.config().nets().reductionFactor());
    long limit = model.config().lm().maxPositions();
    if (prefix + afterPrefix > limit) {
      double longest =
          Math.max(0, limit - afterPrefix)
              * model.config().conformer().subsamplingFactor()
              / spec.frameRate();
      throw new CapacityException(
          "question of %.1f s: expected at most %.1f s, which lm.max_positions %d leaves beside the answer; ask a shorter question or lower max_speech_frames"
              .formatted(question.seconds(), longest, limit));
    }
    return Math.toIntExact(prefix + afterPrefix);
  }

  private LongAudioConfig longAudio(AnswerOptions options) {
    return options.longAudio().stream().findFirst().orElse(model.config().conformer().longAudio());
  }

  private EncoderStates prefix(Backend backend, LogMel prompt, LongAudioConfig longAudio) {
    try (Scope scope = backend.openScope()) {
      EncoderStates states = model.encoder().encode(backend, prompt.normalised(), longAudio);
      EncoderStates prefix = model.prefix(backend, states);
      return new EncoderStates(scope.keep(prefix.states()), prefix.lengths());
    }
  }

  /** Runs the decoder over prefix and {@code <sos>}; returns the last state. */
  private Tensor prefill(Backend backend, EncoderStates prefix, KvCache cache) {
    try (Scope scope = backend.openScope()) {
      Tokens start = Tokens.of(textDecoder.startToken());
      Lengths one = start.lengths();
      Tensor x =
          backend.concatTime(
              List.of(prefix.states(), model.lm().embed(backend, start)),
              List.of(prefix.lengths(), one));
      AttentionMask mask = new AttentionMask.Prefix(prefix.lengths());
      Tensor states = model.lm().forward(backend, x, mask, prefix.lengths().plus(one), cache);
      return scope.keep(backend.sliceTime(states, prefix.lengths().toArray(), one));
    }
  }

  /** What makes the sound, at the end or all the while. */
  private interface Voice {
    void text(String transcript, String text);

    void frames(LogMel logMel);

    /** Spent in {@link #frames} so far. */
    double milliseconds();

    Waveform finish(LogMel all, SplittableRandom random);
  }

  private final class WholeVoice implements Voice {
    private final Backend backend;

    WholeVoice(Backend backend) {
      this.backend = backend;
    }

    @Override
    public void text(String transcript, String text) {}

    @Override
    public void frames(LogMel logMel) {}

    @Override
    public double milliseconds() {
      return 0;
    }

    @Override
    public Waveform finish(LogMel all, SplittableRandom random) {
      return vocoder.synthesize(backend, all, random);
    }
  }

  private final class StreamedVoice implements Voice {
    private final SpeechStream stream;
    private final AnswerListener listener;
    private final List<float[]> heard = new ArrayList<>();
    private double milliseconds;

    StreamedVoice(Backend backend, AnswerOptions options, AnswerListener listener) {
      this.stream = vocoder.stream(backend, new SplittableRandom(options.seed()));
      this.listener = listener;
    }

    @Override
    public void text(String transcript, String text) {
      listener.text(transcript, text);
    }

    @Override
    public void frames(LogMel logMel) {
      Stopwatch watch = new Stopwatch();
      pass(stream.push(logMel));
      milliseconds += watch.lap();
    }

    private void pass(float[] samples) {
      if (samples.length > 0) {
        heard.add(samples);
        listener.speech(samples.clone(), outputFeatures().sampleRate());
      }
    }

    @Override
    public double milliseconds() {
      return milliseconds;
    }

    @Override
    public Waveform finish(LogMel all, SplittableRandom random) {
      pass(stream.finish());
      float[] samples = new float[heard.stream().mapToInt(part -> part.length).sum()];
      int at = 0;
      for (float[] part : heard) {
        System.arraycopy(part, 0, samples, at, part.length);
        at += part.length;
      }
      return new Waveform(samples, outputFeatures().sampleRate());
    }
  }

  private static final class Stopwatch {
    private long last = System.nanoTime();

    /** Milliseconds since the last call. */
    double lap() {
      long now = System.nanoTime();
      double elapsed = (now - last) / 1e6;
      last = now;
      return elapsed;
    }
  }
}
