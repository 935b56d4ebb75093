package dev.spectron.training.eval;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.Resampler;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.AnswerOptions;
import java.util.SplittableRandom;

/** What is evaluated, and the way its speech takes from spectrogram to sound. */
public interface EvaluatedModel {
  /** Name of the back end it runs on. */
  String backend();

  /** The answer to a question. */
  Answer answer(Waveform question);

  /** The log-mel spectrogram of speech, as the model writes it. */
  LogMel logMel(Waveform speech);

  /** What the model's vocoder makes of a spectrogram. */
  Waveform synthesize(LogMel logMel);

  /**
   * How unlikely each token of an answer is to the model's decoder where the question is text too,
   * without sound.
   *
   * @param question its context
   * @param answer any words
   * @return nats a token, {@code <eos>} last
   */
  double[] answerLosses(String question, String answer);

  /** A model that answers greedily, seed 0. */
  static EvaluatedModel of(AnswerLoop loop, Backend backend) {
    LogMelExtractor extractor = new LogMelExtractor(loop.outputFeatures());
    AnswerLosses losses = AnswerLosses.of(loop);
    return new EvaluatedModel() {
      @Override
      public String backend() {
        return backend.name();
      }

      @Override
      public Answer answer(Waveform question) {
        return loop.answer(backend, question, AnswerOptions.standard());
      }

      @Override
      public LogMel logMel(Waveform speech) {
        return extractor.extract(Resampler.resample(speech, extractor.spec().sampleRate()));
      }

      @Override
      public Waveform synthesize(LogMel logMel) {
        return loop.vocoder().synthesize(backend, logMel, new SplittableRandom(0));
      }

      @Override
      public double[] answerLosses(String question, String answer) {
        return losses.of(backend, question, answer);
      }
    };
  }
}
