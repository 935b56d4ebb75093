package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;

/**
 * Geometry of a convolution in time.
 *
 * @param kernelSize taps, at least 1
 * @param stride input frames an output frame, at least 1
 * @param dilation input frames between taps, at least 1
 * @param padLeft zero frames before the first
 * @param padRight zero frames after the last
 * @param groups 1, or the number of channel groups; equal to the channels: depthwise
 */
public record Conv1dSpec(
    int kernelSize, int stride, int dilation, int padLeft, int padRight, int groups) {
  /**
   * Checks the values.
   *
   * @throws ShapeException if a value is out of range
   */
  public Conv1dSpec {
    if (kernelSize < 1 || stride < 1 || dilation < 1 || padLeft < 0 || padRight < 0 || groups < 1) {
      throw new ShapeException(
          "conv1d: expected positive sizes, found kernel %d, stride %d, dilation %d, padding %d and %d, groups %d"
              .formatted(kernelSize, stride, dilation, padLeft, padRight, groups));
    }
    if ((kernelSize - 1L) * dilation + padLeft + padRight > Integer.MAX_VALUE / 2) {
      throw new ShapeException(
          "conv1d: expected taps and padding within 2^30 frames, found kernel %d, dilation %d, padding %d and %d"
              .formatted(kernelSize, dilation, padLeft, padRight));
    }
  }

  /** Stride 1, output as long as the input; an even kernel has its extra tap on the right. */
  public static Conv1dSpec same(int kernelSize, int dilation, int groups) {
    int reach = reach(kernelSize, dilation);
    return new Conv1dSpec(kernelSize, 1, dilation, reach / 2, reach - reach / 2, groups);
  }

  /** Stride 1, output as long as the input, no tap after the present frame. */
  public static Conv1dSpec causal(int kernelSize, int dilation, int groups) {
    return new Conv1dSpec(kernelSize, 1, dilation, reach(kernelSize, dilation), 0, groups);
  }

  /**
   * Input frames from the first tap to the last; sizes out of range are left to the constructor.
   */
  private static int reach(int kernelSize, int dilation) {
    return Math.clamp((kernelSize - 1L) * dilation, 0, Integer.MAX_VALUE);
  }

  /** Output frames for {@code time} input frames; 0 for 0. */
  public int outputTime(int time) {
    long last = (long) time + padLeft + padRight - (kernelSize - 1L) * dilation - 1;
    return time == 0 || last < 0 ? 0 : Math.toIntExact(last / stride + 1);
  }
}
