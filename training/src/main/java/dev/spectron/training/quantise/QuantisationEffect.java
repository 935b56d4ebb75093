package dev.spectron.training.quantise;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.Resampler;
import dev.spectron.conformer.EncoderStates;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.AnswerOptions;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.spokenlm.TeacherForcedInput;
import dev.spectron.spokenlm.TeacherForcedOutput;
import dev.spectron.training.data.TextLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What packing does to a model's answers: the original answers some questions, and both models are
 * taught its answers, word by word and frame by frame.
 *
 * @param questions how many
 * @param textBefore mean log-loss of a token under the original, nats
 * @param textAfter the same of the packed model
 * @param frames mean absolute difference of the predicted frames, normalised log-mel
 * @param sameText share of questions that both models, on their own, answer with the same words
 */
public record QuantisationEffect(
    int questions, double textBefore, double textAfter, double frames, double sameText) {
  /**
   * Measures it.
   *
   * @param backend holds both models
   * @param questions at least one recording
   */
  public static QuantisationEffect of(
      Backend backend, AnswerLoop before, AnswerLoop after, List<Waveform> questions) {
    Sums sums = new Sums();
    for (Waveform question : questions) {
      Answer answer = before.answer(backend, question, AnswerOptions.standard());
      Answer other = after.answer(backend, question, AnswerOptions.standard());
      boolean same =
          answer.transcript().equals(other.transcript()) && answer.text().equals(other.text());
      sums.same += same ? 1 : 0;
      if (answer.logMel().time() > before.model().config().nets().reductionFactor()) {
        Taught taught = Taught.of(before, question, answer);
        float[][] first = taught.predict(backend, before.model());
        float[][] second = taught.predict(backend, after.model());
        sums.textBefore += taught.logLoss(first[0]);
        sums.textAfter += taught.logLoss(second[0]);
        sums.frames += difference(first[1], second[1]);
        sums.taught++;
      }
    }
    return sums.means(questions.size());
  }

  private static double difference(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static final class Sums {
    private double textBefore;
    private double textAfter;
    private double frames;
    private int taught;
    private int same;

    private QuantisationEffect means(int questions) {
      double n = Math.max(1, taught);
      return new QuantisationEffect(
          questions, textBefore / n, textAfter / n, frames / n, (double) same / questions);
    }
  }

  /** A question with the answer that is taught. */
  private record Taught(LogMel prompt, Tokens text, LogMel answer) {
    static Taught of(AnswerLoop loop, Waveform question, Answer answer) {
      LogMelExtractor extractor = new LogMelExtractor(loop.model().config().inputFeatures());
      boolean answerToken = loop.model().config().decoding().answerToken();
      int[] tokens =
          new TextLayout(loop.tokenizer(), answerToken).tokens(answer.transcript(), answer.text());
      Waveform resampled = Resampler.resample(question, extractor.spec().sampleRate());
      return new Taught(
          extractor.extract(resampled), Tokens.ofRows(List.of(tokens)), answer.logMel());
    }

    /** Text logits and frames. */
    float[][] predict(Backend backend, SpokenLanguageModel model) {
      int reduction = model.config().nets().reductionFactor();
      int steps = Math.ceilDiv(answer.time(), reduction);
      int values = reduction * answer.spec().nMels();
      float[] target = Arrays.copyOf(answer.normalised(), steps * values);
      try (Scope _ = backend.openScope()) {
        Tensor mel =
            backend.upload(prompt.normalised(), Shape.of(1, prompt.time(), prompt.spec().nMels()));
        Lengths promptLengths = Lengths.full(mel);
        EncoderStates states = model.encoder().encode(backend, mel, promptLengths);
        Tensor frames = backend.upload(target, Shape.of(1, steps, values));
        TeacherForcedInput input =
            new TeacherForcedInput(mel, promptLengths, text, frames, Lengths.full(1, steps));
        TeacherForcedOutput output =
            model.teacherForced(backend, states, input, new SplittableRandom(0));
        return new float[][] {
          backend.download(output.textLogits()), backend.download(output.frames())
        };
      }
    }

    /** Mean over the tokens after the first. */
    double logLoss(float[] logits) {
      int[] ids = text.toArray();
      int vocabulary = logits.length / (ids.length - 1);
      double sum = 0;
      for (int t = 0; t + 1 < ids.length; t++) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
          largest = Math.max(largest, logits[t * vocabulary + v]);
        }
        double total = 0;
        for (int v = 0; v < vocabulary; v++) {
          total += Math.exp(logits[t * vocabulary + v] - largest);
        }
        sum += largest + Math.log(total) - logits[t * vocabulary + ids[t + 1]];
      }
      return sum / (ids.length - 1);
    }
  }
}
