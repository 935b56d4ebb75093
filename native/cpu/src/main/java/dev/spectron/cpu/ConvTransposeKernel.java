package dev.spectron.cpu;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/**
 * Transposed convolution in time: one product gives what every input frame adds through every tap,
 * then each output frame gathers its terms.
 */
final class ConvTransposeKernel {
  private final Machine machine;
  private final DenseKernel dense;
  private final int stride;
  private final int padding;

  /**
   * A convolution's geometry.
   *
   * @param stride output frames an input frame
   * @param padding output frames cut from each end
   */
  ConvTransposeKernel(Machine machine, DenseKernel dense, int stride, int padding) {
    this.machine = machine;
    this.dense = dense;
    this.stride = stride;
    this.padding = padding;
  }

  /** Output frames for {@code time} input frames; 0 for 0. */
  int outputTime(int time, int kernel) {
    return time == 0 ? 0 : Math.max(0, (time - 1) * stride + kernel - 2 * padding);
  }

  /**
   * Convolves.
   *
   * @param x {@code [batch, time, in]}
   * @param shape shape of {@code x}
   * @param bias {@code [out]} or empty
   * @param y {@code [batch, outputTime, out]}
   */
  void apply(float[] x, Shape shape, CpuWeight weight, float[] bias, Lengths lengths, float[] y) {
    int in = shape.size(2);
    int out = weight.shape().size(1);
    int kernel = weight.shape().size(2);
    int outputTime = outputTime(shape.size(1), kernel);
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      int frames = outputTime(valid, kernel);
      int to = row * outputTime * out;
      if (frames > 0) {
        Rows from = new Rows(x, row * shape.size(1) * in, in, valid);
        convolve(from, weight, bias, new Rows(y, to, out, frames));
      }
      Arrays.fill(y, to + frames * out, to + outputTime * out, 0);
    }
  }

  private void convolve(Rows x, CpuWeight weight, float[] bias, Rows y) {
    int length = weight.shape().size(2) * y.stride();
    float[] terms = machine.pool().take(Math.multiplyExact(x.count(), length));
    Rows all = new Rows(terms, 0, length, x.count());
    dense.apply(
        x,
        Taps.one(x.stride()),
        weight.transposed(),
        DenseKernel.NO_BIAS,
        DenseKernel.Epilogue.NONE,
        all);
    machine
        .team()
        .split(
            y.count(),
            length,
            (first, end, _) -> {
              for (int t = first; t < end; t++) {
                gather(all, t + padding, bias, y.data(), y.at(t), y.stride());
              }
            });
    machine.pool().give(terms);
  }

  /** Adds up the taps of all input frames that fall on one output frame. */
  private void gather(Rows terms, int at, float[] bias, float[] y, int to, int out) {
    if (bias.length == 0) {
      Arrays.fill(y, to, to + out, 0);
    } else {
      System.arraycopy(bias, 0, y, to, out);
    }
    int kernel = terms.stride() / out;
    int first = Math.max(0, Math.ceilDiv(at - kernel + 1, stride));
    int last = Math.min(terms.count() - 1, at / stride);
    for (int s = first; s <= last; s++) {
      int from = terms.at(s) + (at - s * stride) * out;
      PointwiseKernel.add(machine.width(), y, to, terms.data(), from, out);
    }
  }
}
