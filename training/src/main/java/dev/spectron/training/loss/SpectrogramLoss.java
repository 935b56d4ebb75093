package dev.spectron.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.spectron.core.tensor.Lengths;
import java.util.function.IntUnaryOperator;

/**
 * L_recon = L₁₊₂(e) + Σ_{k=1..F} L₁₊₂(Δ_kᶠ e) + Σ_{k=1..K} L₁₊₂(Δ_kᵗ e), e the error of the frames,
 * L₁₊₂ the mean of |·| + (·)² over valid values: the deltas are linear, so the delta of the error
 * is the error of the deltas. Source: Nachmani et al. 2023, arXiv 2305.15255, equations of section
 * 3.2; means instead of sums, so that the weight keeps its meaning across lengths.
 *
 * @param timeDeltaOrders K, 3 in the paper; 0 for no differences over time
 * @param frequencyDeltaOrders F, 1 in the paper; 0 for no differences over frequency
 * @param nMels mel bins of a frame
 */
public record SpectrogramLoss(int timeDeltaOrders, int frequencyDeltaOrders, int nMels) {
  /**
   * What the loss is made of, one value each.
   *
   * @param frames L₁₊₂(e)
   * @param overFrequency sum over the differences of frequency, 0 without
   * @param overTime sum over the differences of time, 0 without
   */
  public record Terms(NDArray frames, NDArray overFrequency, NDArray overTime) {
    /** The loss. */
    public NDArray sum() {
      return frames.add(overFrequency).add(overTime);
    }
  }

  /**
   * The terms of the loss of a batch.
   *
   * @param predicted {@code [batch, steps, reduction_factor·n_mels]}
   * @param target the same shape
   * @param steps valid steps of each row
   * @param whole valid steps of each row of all ranks: what the means are over
   */
  public Terms of(NDArray predicted, NDArray target, Lengths steps, Lengths whole) {
    NDManager manager = predicted.getManager();
    long batch = predicted.getShape().get(0);
    long time = predicted.getShape().get(1) * predicted.getShape().get(2) / nMels;
    IntUnaryOperator framesOf = n -> (int) (n * predicted.getShape().get(2) / nMels);
    Lengths frames = steps.map(framesOf);
    Lengths wholeFrames = whole.map(framesOf);
    NDArray error = predicted.sub(target).reshape(batch, time, nMels);
    NDArray overFrequency = manager.create(0f);
    for (int k = 1; k <= frequencyDeltaOrders && k < nMels; k++) {
      NDArray delta =
          error.get(new NDIndex(":, :, " + k + ":")).sub(error.get(new NDIndex(":, :, :-" + k)));
      overFrequency = overFrequency.add(penalty(delta, frames, wholeFrames, manager));
    }
    NDArray overTime = manager.create(0f);
    for (int k = 1; k <= timeDeltaOrders && k < time; k++) {
      int order = k;
      IntUnaryOperator deltas = n -> Math.max(0, n - order);
      NDArray delta =
          error.get(new NDIndex(":, " + k + ":")).sub(error.get(new NDIndex(":, :-" + k)));
      overTime = overTime.add(penalty(delta, frames.map(deltas), wholeFrames.map(deltas), manager));
    }
    return new Terms(penalty(error, frames, wholeFrames, manager), overFrequency, overTime);
  }

  /** |e| + e² over valid values of {@code [batch, time, channels]}, by those of all ranks. */
  private static NDArray penalty(NDArray e, Lengths lengths, Lengths whole, NDManager manager) {
    Shape shape = e.getShape();
    NDArray both = e.abs().add(e.square());
    long count = whole.total() * shape.get(2);
    NDArray valid =
        lengths.isFull((int) shape.get(1))
            ? both
            : both.mul(mask(lengths, (int) shape.get(1), manager));
    return valid.sum().div((float) Math.max(1, count));
  }

  private static NDArray mask(Lengths lengths, int time, NDManager manager) {
    float[] mask = new float[Math.multiplyExact(lengths.batch(), time)];
    for (int row = 0; row < lengths.batch(); row++) {
      for (int t = 0; t < lengths.at(row); t++) {
        mask[row * time + t] = 1;
      }
    }
    return manager.create(mask, new Shape(lengths.batch(), time, 1));
  }
}
