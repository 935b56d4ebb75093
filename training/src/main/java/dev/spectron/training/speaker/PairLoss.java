package dev.spectron.training.speaker;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.spectron.djl.DjlBackend;
import java.util.stream.IntStream;

/**
 * The generalised end-to-end loss: each embedding should be nearer to the mean of its speaker's
 * others than to the mean of any other speaker's. Source: Wan et al. 2018, arXiv 1710.10467,
 * equations 6, 8 and 9, with a constant factor in place of the learned one, whose offset the
 * softmax takes away, and with an additive margin on the right cosine (Wang et al. 2018, arXiv
 * 1801.05599, equation 4). It knows pairs and no classes, so that every clip of an unknown pitch
 * and tract can be a speaker of its own.
 *
 * @param backend of the embeddings
 * @param scale factor on the cosines
 * @param margin taken off the right one
 */
record PairLoss(DjlBackend backend, double scale, double margin) {
  private static final float NEVER = -1e4f;
  private static final float EPSILON = 1e-12f;

  /**
   * The loss and how often it is right.
   *
   * @param mean over all embeddings, nats, to differentiate
   * @param accuracy share of the embeddings nearest to their own speaker
   */
  record Result(NDArray mean, double accuracy) {}

  /**
   * Of a batch.
   *
   * @param embeddings {@code [speakers · crops, 1, dim]}, of length 1, one speaker's crops beside
   *     each other
   * @param crops of each speaker, at least 2
   * @param unclear {@code [speakers · speakers]}: pairs that do not count
   */
  Result of(NDArray embeddings, int crops, boolean[] unclear) {
    long rows = embeddings.getShape().get(0);
    long dim = embeddings.getShape().get(2);
    int speakers = (int) (rows / crops);
    NDArray each = embeddings.reshape(speakers, crops, dim);
    NDArray sums = each.sum(new int[] {1}, true); // [speakers, 1, dim]
    NDArray means = unit(sums).reshape(speakers, dim);
    NDArray others = unit(sums.sub(each).reshape(rows, dim)); // without the embedding itself
    NDArray flat = each.reshape(rows, dim);
    NDArray toOthers = flat.matMul(means.transpose()); // [rows, speakers]
    NDArray toOwn = flat.mul(others).sum(new int[] {1}, true); // [rows, 1]
    NDArray own = backend.manager().create(own(speakers, crops), new Shape(rows, speakers));
    NDArray cosines = toOthers.mul(own.mul(-1).add(1)).add(toOwn.mul(own));
    NDArray counted =
        cosines.add(
            backend.manager().create(never(crops, speakers, unclear), new Shape(rows, speakers)));
    NDArray logits = counted.sub(own.mul((float) margin)).mul((float) scale);
    int[] targets = IntStream.range(0, (int) rows).map(row -> row / crops).toArray();
    NDArray mean = backend.losses().crossEntropy(logits, targets, -1).mean();
    return new Result(mean, accuracy(counted.toFloatArray(), targets, speakers));
  }

  private static NDArray unit(NDArray x) {
    int last = x.getShape().dimension() - 1;
    return x.div(x.mul(x).sum(new int[] {last}, true).add(EPSILON).sqrt());
  }

  private static float[] own(int speakers, int crops) {
    float[] own = new float[speakers * crops * speakers];
    for (int row = 0; row < speakers * crops; row++) {
      own[row * speakers + row / crops] = 1;
    }
    return own;
  }

  private static float[] never(int crops, int speakers, boolean[] unclear) {
    float[] never = new float[speakers * crops * speakers];
    for (int i = 0; i < never.length; i++) {
      int row = i / speakers;
      never[i] = unclear[row / crops * speakers + i % speakers] ? NEVER : 0;
    }
    return never;
  }

  private static double accuracy(float[] cosines, int[] targets, int speakers) {
    int right = 0;
    for (int row = 0; row < targets.length; row++) {
      int best = 0;
      for (int k = 1; k < speakers; k++) {
        best = cosines[row * speakers + k] > cosines[row * speakers + best] ? k : best;
      }
      right += best == targets[row] ? 1 : 0;
    }
    return right / (double) targets.length;
  }
}
