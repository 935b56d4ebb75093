package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;

/**
 * Geometry of a convolution over time and frequency, the same in both directions.
 *
 * @param kernelSize taps each way, at least 1
 * @param stride at least 1
 * @param padding zeros on each of the four sides
 * @param groups 1, or the number of channel groups
 */
public record Conv2dSpec(int kernelSize, int stride, int padding, int groups) {
  /**
   * Checks the values.
   *
   * @throws ShapeException if a value is out of range
   */
  public Conv2dSpec {
    if (kernelSize < 1 || stride < 1 || padding < 0 || groups < 1) {
      throw new ShapeException(
          "conv2d: expected positive sizes, found kernel %d, stride %d, padding %d, groups %d"
              .formatted(kernelSize, stride, padding, groups));
    }
    if (padding > Integer.MAX_VALUE / 4) {
      throw new ShapeException("conv2d: expected padding below 2^29, found " + padding);
    }
  }

  /** Output frames for {@code time} input frames; 0 for 0. */
  public int outputTime(int time) {
    long last = time + 2L * padding - kernelSize;
    return time == 0 || last < 0 ? 0 : Math.toIntExact(last / stride + 1);
  }

  /** Output bins for {@code frequency} input bins. */
  public int outputFrequency(int frequency) {
    return outputTime(frequency);
  }
}
