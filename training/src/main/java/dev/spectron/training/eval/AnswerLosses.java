package dev.spectron.training.eval;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.training.data.TextLayout;
import java.util.Arrays;

/**
 * −ln P of the tokens of an answer under the decoder alone: the teacher-forced pass over {@code
 * <sos>} question {@code <answer>} answer {@code <eos>}.
 */
record AnswerLosses(SpokenLanguageModel model, TextLayout layout) {
  static AnswerLosses of(AnswerLoop loop) {
    boolean answerToken = loop.model().config().decoding().answerToken();
    return new AnswerLosses(loop.model(), new TextLayout(loop.tokenizer(), answerToken));
  }

  /**
   * Of one answer.
   *
   * @return nats a token of {@code answer} and of {@code <eos>}
   */
  double[] of(Backend backend, String question, String answer) {
    int[] ids = layout.tokens(question, answer);
    int start = layout.answerStart(question);
    try (Scope _ = backend.openScope()) {
      Tokens text = Tokens.of(Arrays.copyOf(ids, ids.length - 1));
      float[] logits = backend.download(model.teacherForcedText(backend, text));
      int vocabulary = logits.length / text.time();
      double[] losses = new double[ids.length - start];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = loss(logits, (start + i - 1) * vocabulary, vocabulary, ids[start + i]);
      }
      return losses;
    }
  }

  /** ln Σ exp(z) − z of the target, without overflow. */
  private static double loss(float[] logits, int from, int vocabulary, int target) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < vocabulary; i++) {
      largest = Math.max(largest, logits[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < vocabulary; i++) {
      sum += Math.exp(logits[from + i] - largest);
    }
    return largest + Math.log(sum) - logits[from + target];
  }
}
