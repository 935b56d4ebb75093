package dev.spectron.cuda;

import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Conv2dSpec;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;

/** Launches of the convolutions. */
final class Convolutions {
  /** As {@code kFrames} in conv1d.cu. */
  private static final int FRAMES = 4;

  private final CudaDevice device;
  private final DeviceTables tables;

  Convolutions(CudaDevice device, DeviceTables tables) {
    this.device = device;
    this.tables = tables;
  }

  void conv1d(
      CudaTensor x, Weight weight, Weight bias, Conv1dSpec spec, Lengths lengths, CudaTensor y) {
    Shape from = x.shape();
    Shape to = y.shape();
    Grid grid = Grid.strips(Math.ceilDiv(to.size(1), FRAMES), to.size(2), from.size(0));
    device.launch(
        "conv1d",
        grid,
        operands(
                x,
                weight,
                CudaWeight.Layout.CONVOLUTION,
                bias,
                lengths,
                lengths.map(spec::outputTime),
                y)
            .structure(
                from.size(1),
                from.size(2),
                to.size(1),
                to.size(2),
                spec.kernelSize(),
                spec.stride(),
                spec.dilation(),
                spec.padLeft(),
                spec.groups()));
  }

  void convTranspose1d(
      CudaTensor x,
      Weight weight,
      Weight bias,
      int stride,
      int padding,
      Lengths lengths,
      CudaTensor y) {
    Shape from = x.shape();
    Shape to = y.shape();
    int kernel = weight.shape().size(2);
    Lengths valid =
        lengths.map(n -> n == 0 ? 0 : Math.max(0, (n - 1) * stride + kernel - 2 * padding));
    device.launch(
        "conv_transpose1d",
        Grid.strips(to.size(1), to.size(2), from.size(0)),
        operands(x, weight, CudaWeight.Layout.TRANSPOSED, bias, lengths, valid, y)
            .structure(
                from.size(1), from.size(2), to.size(1), to.size(2), kernel, stride, padding));
  }

  void conv2d(
      CudaTensor x, Weight weight, Weight bias, Conv2dSpec spec, Lengths lengths, CudaTensor y) {
    Shape from = x.shape();
    Shape to = y.shape();
    device.launch(
        "conv2d",
        Grid.strips(to.size(1), to.size(2) * to.size(3), from.size(0)),
        operands(
                x,
                weight,
                CudaWeight.Layout.CONVOLUTION,
                bias,
                lengths,
                lengths.map(spec::outputTime),
                y)
            .structure(
                from.size(1),
                from.size(2),
                from.size(3),
                to.size(1),
                to.size(2),
                to.size(3),
                spec.kernelSize(),
                spec.stride(),
                spec.padding(),
                spec.groups()));
  }

  private KernelArguments operands(
      CudaTensor x,
      Weight weight,
      CudaWeight.Layout layout,
      Weight bias,
      Lengths lengths,
      Lengths valid,
      CudaTensor y) {
    long w = CudaWeight.of(weight).address(layout);
    long b = CudaWeight.floats(bias);
    long read = tables.integers(lengths.toArray());
    long written = tables.integers(valid.toArray());
    return device
        .arguments()
        .address(x.address())
        .address(w)
        .address(b)
        .address(read)
        .address(written)
        .address(y.address());
  }
}
