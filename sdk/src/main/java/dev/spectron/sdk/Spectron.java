package dev.spectron.sdk;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.Resampler;
import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.Waveform;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * An opened spoken language model: a recorded question goes in, a spoken answer comes out.
 *
 * {@snippet :
 * try (Spectron spectron = Spectron.openDefault()) {
 *   Answer answer = spectron.answer(Path.of("question.wav"));
 *   System.out.println(answer.text());
 *   answer.speech().writeWav(Path.of("answer.wav"));
 * }
 * }
 *
 * <p>Safe for use by several threads: questions are answered one after the other, each with all the
 * processors of the back end. {@link #close} waits for the answer that is under way. The same
 * options and the same question give the same answer.
 */
public final class Spectron implements AutoCloseable {
  private static final int MIN_RATE = 100;
  private static final int MAX_RATE = 768_000;

  private final SpectronOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final LoadedModel model;
  private boolean closed;

  private Spectron(SpectronOptions options) {
    this.options = options;
    this.model = LoadedModel.load(options);
  }

  /**
   * Opens the embedded model on the best back end of this machine.
   *
   * @throws BundleException if the embedded model is not on the class path
   * @throws BackendException if no back end can open
   */
  public static Spectron openDefault() {
    return open(SpectronOptions.defaults());
  }

  /**
   * Opens a model on the best back end of this machine.
   *
   * @param bundle a model's folder, which holds {@code config.json}, {@code tokenizer.json} and the
   *     weights
   * @throws BundleException if a file is missing, malformed or does not fit the others
   * @throws BackendException if no back end can open
   */
  public static Spectron open(Path bundle) {
    return open(SpectronOptions.builder().bundle(bundle).build());
  }

  /**
   * Opens a model.
   *
   * @throws BundleException if a file is missing, malformed or does not fit the others, or there is
   *     no configuration of the name
   * @throws BackendException if the back end cannot open; the message holds the remedy
   */
  public static Spectron open(SpectronOptions options) {
    return new Spectron(Objects.requireNonNull(options, "options"));
  }

  /**
   * Answers a recorded question.
   *
   * @param question a WAV file: PCM, float, A-law or µ-law, any rate and channel count, shorter
   *     than 10 minutes
   * @throws AudioException if the file cannot be read or is no such file
   * @throws CapacityException if the question is longer than the model can hear
   * @throws IllegalStateException if this is closed
   */
  public Answer answer(Path question) {
    try {
      return answer(WavFile.read(question));
    } catch (CapacityException e) {
      throw new CapacityException(question + ": " + e.getMessage(), e);
    }
  }

  /**
   * Answers a recorded question.
   *
   * @param question a WAV file from its first byte; read up to the end of its samples, not closed
   * @throws AudioException if the stream fails or is no WAV file
   * @throws CapacityException if the question is longer than the model can hear
   * @throws IllegalStateException if this is closed
   */
  public Answer answer(InputStream question) {
    return answer(WavFile.read("question", question));
  }

  /**
   * Answers a question from memory.
   *
   * @param samples mono, nominally in [−1, 1], finite, at least one
   * @param sampleRate 100 to 768,000 Hz
   * @throws AudioException if there is no sample or one is not finite
   * @throws CapacityException if the question is longer than the model can hear
   * @throws IllegalStateException if this is closed
   */
  public Answer answer(float[] samples, int sampleRate) {
    return answer(waveform(samples, sampleRate));
  }

  /**
   * Answers a question and lets the answer be heard while it is being made. Transcript and text are
   * those of {@link #answer(float[], int)}; Griffin-Lim, which cannot know what follows, comes to
   * other samples of the same sound.
   *
   * @param samples mono, nominally in [−1, 1], finite, at least one
   * @param sampleRate 100 to 768,000 Hz
   * @param listener hears text and samples before this returns
   * @throws AudioException if there is no sample or one is not finite
   * @throws CapacityException if the question is longer than the model can hear
   * @throws IllegalStateException if this is closed
   */
  public Answer answer(float[] samples, int sampleRate, AnswerListener listener) {
    Objects.requireNonNull(listener, "listener");
    Waveform question = waveform(samples, sampleRate);
    return whileOpen(() -> model.answer(question, listener));
  }

  /**
   * A sound as the model hears it.
   *
   * @param samples mono, nominally in [−1, 1], finite, at least one
   * @param sampleRate 100 to 768,000 Hz
   * @throws AudioException if there is no sample or one is not finite
   */
  public Spectrogram spectrogram(float[] samples, int sampleRate) {
    LogMelExtractor extractor = model.extractor();
    Waveform waveform = waveform(samples, sampleRate);
    return new Spectrogram(
        extractor.extract(Resampler.resample(waveform, extractor.spec().sampleRate())));
  }

  /** Name of the model. */
  public String model() {
    return model.name();
  }

  /**
   * Whether the model continues what it hears, in place of answering it: the text of an {@link
   * Answer} is then that of prompt and continuation in one, and the speech is the continuation.
   */
  public boolean continuesSpeech() {
    return model.continuesSpeech();
  }

  /** Name of the back end that computes, such as {@code cpu}. */
  public String backend() {
    return model.backend();
  }

  /** What this was opened with. */
  public SpectronOptions options() {
    return options;
  }

  /** Waits for the answer under way and gives back all memory. Closing twice does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        model.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private Answer answer(Waveform question) {
    return whileOpen(() -> model.answer(question));
  }

  private Answer whileOpen(Supplier<Answer> answering) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "spectron: expected an open model, found a closed one; open it again");
      }
      return answering.get();
    } finally {
      lock.unlock();
    }
  }

  private static Waveform waveform(float[] samples, int sampleRate) {
    if (samples.length == 0) {
      throw new AudioException("samples: expected at least one, found none; record it again");
    }
    if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
      throw new AudioException(
          "sample rate: expected %d to %d Hz, found %d Hz"
              .formatted(MIN_RATE, MAX_RATE, sampleRate));
    }
    for (int i = 0; i < samples.length; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new AudioException(
            "sample %d: expected a finite number, found %s; repair the recording"
                .formatted(i, samples[i]));
      }
    }
    return new Waveform(samples, sampleRate);
  }
}
