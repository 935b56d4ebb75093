package dev.spectron.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.spectron.core.tensor.Lengths;

/**
 * Binary cross-entropy of the stop probability, 1 at each row's last step, by valid step.
 *
 * @param positiveWeight factor on the last steps, which are rare
 */
public record StopLoss(float positiveWeight) {
  /**
   * The loss of a batch.
   *
   * @param logits {@code [batch, steps, 1]}
   * @param steps valid steps of each row
   * @param count valid steps over all ranks
   * @return one value
   */
  public NDArray of(NDArray logits, Lengths steps, long count) {
    NDManager manager = logits.getManager();
    int time = (int) logits.getShape().get(1);
    float[] stop = new float[Math.multiplyExact(steps.batch(), time)];
    float[] go = new float[stop.length];
    for (int row = 0; row < steps.batch(); row++) {
      for (int t = 0; t < steps.at(row); t++) {
        boolean last = t == steps.at(row) - 1;
        stop[row * time + t] = last ? positiveWeight : 0;
        go[row * time + t] = last ? 0 : 1;
      }
    }
    Shape shape = new Shape(steps.batch(), time, 1);
    NDArray missed = softplus(logits.neg()).mul(manager.create(stop, shape));
    NDArray early = softplus(logits).mul(manager.create(go, shape));
    return missed.add(early).sum().div((float) Math.max(1, count));
  }

  /** ln(1 + eˣ) without overflow. */
  private static NDArray softplus(NDArray x) {
    return x.maximum(0f).add(x.abs().neg().exp().add(1f).log());
  }
}
