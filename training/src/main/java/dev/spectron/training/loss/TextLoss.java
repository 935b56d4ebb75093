package dev.spectron.training.loss;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.djl.DjlLosses;
import java.util.Arrays;

/** Cross-entropy of the next token over the whole text, nats a token: L_ASR + L_LM of the paper. */
public final class TextLoss {
  private static final int IGNORED = -100;

  private TextLoss() {}

  /**
   * The loss of a batch.
   *
   * @param logits {@code [batch, time, vocabulary]}; at index i the scores of token i + 1; a last
   *     index past the text is ignored
   * @param text the tokens, {@code <sos>} first
   * @param count tokens that are predicted, over all ranks
   * @return one value
   */
  public static NDArray of(DjlLosses losses, NDArray logits, Tokens text, long count) {
    int[] targets = targets(text, (int) logits.getShape().get(1));
    return losses.crossEntropy(logits, targets, IGNORED).sum().div((float) Math.max(1, count));
  }

  /**
   * How many tokens the scores get right when fed the truth.
   *
   * @return share of valid tokens whose best score is the right one
   */
  public static double accuracy(NDArray logits, Tokens text) {
    int time = (int) logits.getShape().get(1);
    int[] targets = targets(text, time);
    long[] best = logits.argMax(-1).toLongArray();
    int right = 0;
    int count = 0;
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != IGNORED) {
        count++;
        right += best[i] == targets[i] ? 1 : 0;
      }
    }
    return right / (double) Math.max(1, count);
  }

  private static int[] targets(Tokens text, int time) {
    int[] targets = new int[Math.multiplyExact(text.batch(), time)];
    Arrays.fill(targets, IGNORED);
    for (int row = 0; row < text.batch(); row++) {
      for (int i = 0; i + 1 < text.lengths().at(row) && i < time; i++) {
        targets[row * time + i] = text.id(row, i + 1);
      }
    }
    return targets;
  }
}
