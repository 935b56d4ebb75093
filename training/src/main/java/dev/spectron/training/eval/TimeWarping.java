package dev.spectron.training.eval;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.signal.LogMel;
import java.util.Arrays;

/**
 * How far two utterances of different timing are apart: dynamic time warping over frames, each step
 * one frame on in either or both. Source: Sakoe and Chiba 1978.
 */
public final class TimeWarping {
  private TimeWarping() {}

  /**
   * The mean absolute difference of log-mel values along the cheapest path.
   *
   * @param first {@code [time, n_mels]}, raw
   * @param second as many mel bins
   * @return natural logarithms a value; 0 if one of them has no frame
   */
  public static double distance(LogMel first, LogMel second) {
    int nMels = first.spec().nMels();
    if (second.spec().nMels() != nMels) {
      throw new ShapeException(
          "time warping: expected %d mel bins on both sides, found %d"
              .formatted(nMels, second.spec().nMels()));
    }
    return distance(
        first.time(),
        second.time(),
        (i, j) -> difference(first.frames(), i, second.frames(), j, nMels));
  }

  /** Distance of frame {@code i} of the first and frame {@code j} of the second. */
  @FunctionalInterface
  interface FrameDistance {
    double between(int i, int j);
  }

  /**
   * The mean distance of frames along the cheapest path.
   *
   * @param firstTime frames of the first
   * @param width frames of the second
   * @return 0 if one of them has no frame
   */
  static double distance(int firstTime, int width, FrameDistance frames) {
    if (firstTime == 0 || width == 0) {
      return 0;
    }
    double[] cost = new double[width];
    int[] steps = new int[width];
    double[] nextCost = new double[width];
    int[] nextSteps = new int[width];
    Arrays.fill(cost, Double.POSITIVE_INFINITY);
    for (int i = 0; i < firstTime; i++) {
      for (int j = 0; j < width; j++) {
        double before = i == 0 && j == 0 ? 0 : cost[j];
        int length = steps[j];
        if (j > 0 && cost[j - 1] <= before) {
          before = cost[j - 1];
          length = steps[j - 1];
        }
        if (j > 0 && nextCost[j - 1] < before) {
          before = nextCost[j - 1];
          length = nextSteps[j - 1];
        }
        nextCost[j] = before + frames.between(i, j);
        nextSteps[j] = length + 1;
      }
      double[] spareCost = cost;
      cost = nextCost;
      nextCost = spareCost;
      int[] spareSteps = steps;
      steps = nextSteps;
      nextSteps = spareSteps;
    }
    return cost[width - 1] / steps[width - 1];
  }

  private static double difference(float[] first, int i, float[] second, int j, int nMels) {
    double sum = 0;
    for (int k = 0; k < nMels; k++) {
      sum += Math.abs(first[i * nMels + k] - second[j * nMels + k]);
    }
    return sum / nMels;
  }
}
