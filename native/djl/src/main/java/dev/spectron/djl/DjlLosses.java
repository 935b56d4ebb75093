package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tokens;

/**
 * Losses with gradients that DJL lacks. Results are in nats, one value an item: the caller sums,
 * weighs and averages.
 */
public final class DjlLosses {
  private final DjlBackend backend;

  DjlLosses(DjlBackend backend) {
    this.backend = backend;
  }

  /**
   * −ln p(target) at each position.
   *
   * @param logits {@code [..., vocabulary]}
   * @param targets row-major, one a position
   * @param ignored target of positions that do not count
   * @return {@code [positions]}, 0 where ignored, in the current scope
   * @throws ShapeException if there is not one target for each position
   */
  public NDArray crossEntropy(NDArray logits, int[] targets, int ignored) {
    long positions = logits.size() / logits.getShape().get(logits.getShape().dimension() - 1);
    if (positions != targets.length) {
      throw new ShapeException(
          "cross-entropy: expected %d targets for logits %s, found %d"
              .formatted(positions, logits.getShape(), targets.length));
    }
    NDArray index = longs(targets, new Shape(targets.length));
    return backend
        .script()
        .call(backend.manager(), backend.recording(), "cross_entropy", logits, index, ignored);
  }

  /**
   * −ln p(target sequence) summed over all alignments. Source: Graves et al. 2006, "Connectionist
   * temporal classification", section 4.
   *
   * @param logProbs {@code [batch, time, vocabulary]}, natural logarithms
   * @param frames valid frames of {@code logProbs}
   * @param targets without blanks, each row within its length
   * @param blank id of the blank
   * @return {@code [batch]}, in the current scope; 0 for a row with too few frames for any
   *     alignment
   * @throws ShapeException if the batch sizes differ
   */
  public NDArray ctc(NDArray logProbs, Lengths frames, Tokens targets, int blank) {
    long batch = logProbs.getShape().get(0);
    if (frames.batch() != batch || targets.batch() != batch) {
      throw new ShapeException(
          "ctc: expected %d batch rows as in log-probabilities %s, found lengths of %d and targets of %d"
              .formatted(batch, logProbs.getShape(), frames.batch(), targets.batch()));
    }
    NDArray ids = longs(targets.toArray(), new Shape(batch, targets.time()));
    NDArray frameCounts = longs(frames.toArray(), new Shape(batch));
    NDArray targetCounts = longs(targets.lengths().toArray(), new Shape(batch));
    return backend
        .script()
        .call(
            backend.manager(),
            backend.recording(),
            "ctc",
            logProbs,
            ids,
            frameCounts,
            targetCounts,
            blank);
  }

  private NDArray longs(int[] values, Shape shape) {
    return backend.host().longs(backend.manager(), values, shape);
  }
}
