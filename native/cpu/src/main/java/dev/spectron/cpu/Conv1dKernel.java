package dev.spectron.cpu;

import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Convolution in time as a product. A row of the left-hand side is what one output frame sees; it
 * is not copied out: adjacent taps are adjacent in memory and rows may overlap. The padding is
 * written in once, or where rows are rounded anyway as they are rounded. A convolution of each
 * channel by itself has its own loop.
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
    Rows whole = new Rows(x, first - spec.padLeft() * in, spec.stride() * in, y.count());
    Extent extent = new Extent(first, first + valid * in);
    if (isDepthwise(weight, in, spec)) {
      padded(
          whole, extent, in, seen, rows -> depthwise(rows, spec.dilation() * in, weight, bias, y));
    } else {
      grouped(whole, extent, seen, in, weight, bias, spec, y);
    }
  }

  private static boolean isDepthwise(CpuWeight weight, int in, Conv1dSpec spec) {
    return spec.groups() == in && weight.shape().size(0) == in;
  }

  /** Hands on the same rows, with zeros where they overhang. */
  private void padded(Rows x, Extent extent, int in, int frames, Consumer<Rows> then) {
    int end = x.first() + Math.multiplyExact(frames, in);
    if (x.first() >= extent.from() && end <= extent.end()) {
      then.accept(x);
      return;
    }
    float[] padded = machine.pool().take(end - x.first());
    int left = (extent.from() - x.first()) / in;
    pad(x.data(), extent.from(), (extent.end() - extent.from()) / in, in, left, padded, frames);
    then.accept(new Rows(padded, 0, x.stride(), x.count()));
    machine.pool().give(padded);
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

  private void grouped(
      Rows x,
      Extent extent,
      int frames,
      int in,
      CpuWeight weight,
      float[] bias,
      Conv1dSpec spec,
      Rows y) {
    int inPerGroup = in / spec.groups();
    Taps taps =
        spec.dilation() == 1 && spec.groups() == 1
            ? Taps.one(spec.kernelSize() * in)
            : Taps.of(spec.kernelSize(), spec.dilation() * in, inPerGroup);
    Matrix[] factors = weight.convolution(spec.groups());
    if (dense.overhangs(x, taps, extent, factors[0])) {
      grouped(x, taps, extent, factors, bias, y);
    } else {
      padded(
          x,
          extent,
          in,
          frames,
          rows -> {
            Extent all = new Extent(rows.first(), rows.first() + frames * in);
            grouped(rows, taps, all, factors, bias, y);
          });
    }
  }

  private void grouped(Rows x, Taps taps, Extent extent, Matrix[] factors, float[] bias, Rows y) {
    int out = factors[0].columns();
    for (int group = 0; group < factors.length; group++) {
      Rows seen = x.shift(group * taps.length());
      dense.apply(
          seen,
          taps,
          extent,
          factors[group],
          CpuWeight.part(bias, group * out, out),
          DenseKernel.Epilogue.NONE,
          y.shift(group * out));
    }
  }
}
