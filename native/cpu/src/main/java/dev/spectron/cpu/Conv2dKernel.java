package dev.spectron.cpu;

import dev.spectron.core.backend.Conv2dSpec;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/**
 * Convolution over time and frequency as one product an output frame, of as many rows as it has
 * bins. The padding is written in once; what a bin sees of one input frame is then adjacent.
 */
final class Conv2dKernel {
  private final Machine machine;
  private final DenseKernel dense;

  Conv2dKernel(Machine machine, DenseKernel dense) {
    this.machine = machine;
    this.dense = dense;
  }

  /**
   * Convolves.
   *
   * @param x {@code [batch, time, frequency, in]}
   * @param shape shape of {@code x}
   * @param bias {@code [out]} or empty
   * @param y {@code [batch, outputTime, outputFrequency, out]}
   */
  void apply(
      float[] x,
      Shape shape,
      CpuWeight weight,
      float[] bias,
      Conv2dSpec spec,
      Lengths lengths,
      float[] y) {
    int frame = Math.multiplyExact(shape.size(2), shape.size(3));
    int outputFrame = spec.outputFrequency(shape.size(2)) * weight.shape().size(0);
    int outputTime = spec.outputTime(shape.size(1));
    int paddedFrame = frame + 2 * spec.padding() * shape.size(3);
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      int frames = spec.outputTime(valid);
      int to = row * outputTime * outputFrame;
      if (frames > 0) {
        int seen = (frames - 1) * spec.stride() + spec.kernelSize();
        float[] padded = machine.pool().take(Math.multiplyExact(seen, paddedFrame));
        Rows input = new Rows(x, row * shape.size(1) * frame, frame, valid);
        pad(input, spec.padding(), new Rows(padded, 0, paddedFrame, seen));
        Rows from = new Rows(padded, 0, paddedFrame, seen);
        convolve(from, shape.size(3), weight, bias, spec, new Rows(y, to, outputFrame, frames));
        machine.pool().give(padded);
      }
      Arrays.fill(y, to + frames * outputFrame, to + outputTime * outputFrame, 0);
    }
  }

  /** Copies frames into the middle of wider ones, behind {@code before} zero frames. */
  private static void pad(Rows x, int before, Rows padded) {
    int margin = (padded.stride() - x.stride()) / 2;
    float[] to = padded.data();
    for (int t = 0; t < padded.count(); t++) {
      int first = padded.at(t);
      int end = first + padded.stride();
      int from = t - before;
      if (from < 0 || from >= x.count()) {
        Arrays.fill(to, first, end, 0);
      } else {
        Arrays.fill(to, first, first + margin, 0);
        System.arraycopy(x.data(), x.at(from), to, first + margin, x.stride());
        Arrays.fill(to, end - margin, end, 0);
      }
    }
  }

  private void convolve(Rows x, int in, CpuWeight weight, float[] bias, Conv2dSpec spec, Rows y) {
    int out = weight.shape().size(0);
    int outPerGroup = out / spec.groups();
    int inPerGroup = in / spec.groups();
    int kernel = spec.kernelSize();
    Taps taps =
        spec.groups() == 1
            ? Taps.of(kernel, x.stride(), kernel * in)
            : Taps.of(kernel, x.stride(), kernel, in, inPerGroup);
    Matrix[] panels = weight.convolution(spec.groups());
    float[][] biases = new float[spec.groups()][];
    Arrays.setAll(biases, group -> CpuWeight.part(bias, group * outPerGroup, outPerGroup));
    machine
        .team()
        .split(
            y.count(),
            (long) taps.depth() * y.stride() / 8,
            (first, end, worker) -> {
              Workspace workspace = machine.workspaces()[worker];
              for (int t = first; t < end; t++) {
                int start = x.at(t * spec.stride());
                int bins = y.stride() / out;
                Rows seen = new Rows(x.data(), start, spec.stride() * in, bins);
                Rows frame = new Rows(y.data(), y.at(t), out, bins);
                for (int group = 0; group < spec.groups(); group++) {
                  dense.block(
                      workspace,
                      seen.shift(group * inPerGroup),
                      taps,
                      panels[group],
                      biases[group],
                      DenseKernel.Epilogue.NONE,
                      frame.shift(group * outPerGroup),
                      0,
                      outPerGroup);
                }
              }
            });
  }
}
