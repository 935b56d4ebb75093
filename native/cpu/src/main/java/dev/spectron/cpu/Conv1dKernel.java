package dev.spectron.cpu;

import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/**
 * Convolution in time as a product. A row of the left-hand side is what one output frame sees; it
 * is not copied out, since with the padding written in once, adjacent taps are adjacent in memory
 * and rows may overlap. A convolution of each channel by itself has its own loop.
 */
final class Conv1dKernel {
  private final Machine machine;
  private final DenseKernel dense;

  Conv1dKernel(Machine machine, DenseKernel dense) {
    this.machine = machine;
    this.dense = dense;
  }

  /**
   * Convolves.
   *
   * @param x {@code [batch, time, in]}
   * @param shape shape of {@code x}
   * @param bias {@code [out]} or empty
   * @param y {@code [batch, outputTime, out]}
   */
  void apply(
      float[] x,
      Shape shape,
      CpuWeight weight,
      float[] bias,
      Conv1dSpec spec,
      Lengths lengths,
      float[] y) {
    int in = shape.size(2);
    int out = weight.shape().size(0);
    int outputTime = spec.outputTime(shape.size(1));
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      int frames = spec.outputTime(valid);
      int to = row * outputTime * out;
      if (frames > 0) {
        Rows result = new Rows(y, to, out, frames);
        convolve(x, row * shape.size(1) * in, valid, in, weight, bias, spec, result);
      }
      Arrays.fill(y, to + frames * out, to + outputTime * out, 0);
    }
  }

  private void convolve(
      float[] x,
      int first,
      int valid,
      int in,
      CpuWeight weight,
      float[] bias,
      Conv1dSpec spec,
      Rows y) {
    int span = (spec.kernelSize() - 1) * spec.dilation() + 1;
    int seen = (y.count() - 1) * spec.stride() + span;
    if (spec.padLeft() == 0 && seen <= valid) {
      multiply(new Rows(x, first, spec.stride() * in, y.count()), in, weight, bias, spec, y);
      return;
    }
    float[] padded = machine.pool().take(Math.multiplyExact(seen, in));
    pad(x, first, valid, in, spec.padLeft(), padded, seen);
    multiply(new Rows(padded, 0, spec.stride() * in, y.count()), in, weight, bias, spec, y);
    machine.pool().give(padded);
  }

  private void multiply(Rows x, int in, CpuWeight weight, float[] bias, Conv1dSpec spec, Rows y) {
    if (spec.groups() == in && weight.shape().size(0) == in) {
      depthwise(x, spec.dilation() * in, weight, bias, y);
    } else {
      grouped(x, spec, in, weight, bias, y);
    }
  }

  /** Copies {@code valid} frames behind {@code left} zero frames and zeroes the rest. */
  private static void pad(
      float[] x, int first, int valid, int in, int left, float[] padded, int frames) {
    int start = Math.min(left, frames);
    int end = Math.min(left + valid, frames);
    Arrays.fill(padded, 0, start * in, 0);
    System.arraycopy(x, first, padded, start * in, (end - start) * in);
    Arrays.fill(padded, end * in, frames * in, 0);
  }

  private void depthwise(Rows x, int tapStep, CpuWeight weight, float[] bias, Rows y) {
    float[] w = weight.depthwise();
    float[] b = bias.length == 0 ? new float[weight.shape().size(0)] : bias;
    machine
        .team()
        .split(
            y.count(),
            w.length / 4,
            (first, end, _) ->
                DepthwiseKernel.apply(
                    machine.width(),
                    x.slice(first, end - first),
                    tapStep,
                    w,
                    b,
                    y.slice(first, end - first)));
  }

  private void grouped(Rows x, Conv1dSpec spec, int in, CpuWeight weight, float[] bias, Rows y) {
    int inPerGroup = in / spec.groups();
    int outPerGroup = weight.shape().size(0) / spec.groups();
    Taps taps =
        spec.dilation() == 1 && spec.groups() == 1
            ? Taps.one(spec.kernelSize() * in)
            : Taps.of(spec.kernelSize(), spec.dilation() * in, inPerGroup);
    Matrix[] panels = weight.convolution(spec.groups());
    for (int group = 0; group < spec.groups(); group++) {
      dense.apply(
          x.shift(group * inPerGroup),
          taps,
          panels[group],
          CpuWeight.part(bias, group * outPerGroup, outPerGroup),
          DenseKernel.Epilogue.NONE,
          y.shift(group * outPerGroup));
    }
  }
}
