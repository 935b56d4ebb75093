package dev.spectron.cuda;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Launches of the copies of whole frames. */
final class TimeCopies {
  private final CudaDevice device;
  private final DeviceTables tables;

  TimeCopies(CudaDevice device, DeviceTables tables) {
    this.device = device;
    this.tables = tables;
  }

  void concat(List<CudaTensor> parts, List<Lengths> lengths, CudaTensor y) {
    int[] filled = new int[y.shape().size(0)];
    for (int i = 0; i < parts.size(); i++) {
      CudaTensor part = parts.get(i);
      append(part.address(), part.shape(), filled, lengths.get(i).toArray(), y);
      for (int row = 0; row < filled.length; row++) {
        filled[row] += lengths.get(i).at(row);
      }
    }
    int time = y.shape().size(1);
    int[] padding = Arrays.stream(filled).map(frames -> time - frames).toArray();
    int longest = Arrays.stream(padding).max().orElseThrow();
    if (longest > 0) {
      append(0, y.shape().with(1, longest), filled, padding, y);
    }
  }

  /** Frames of x, or zeros where its address is 0, behind the first {@code at} frames of y. */
  private void append(long x, Shape shape, int[] at, int[] lengths, CudaTensor y) {
    int count = shape.arrayLength();
    long from = tables.integers(at);
    long valid = tables.integers(lengths);
    device.launch(
        "append_time",
        Grid.elements(count),
        device
            .arguments()
            .address(x)
            .address(from)
            .address(valid)
            .address(y.address())
            .integer(count)
            .integer(shape.size(1))
            .integer(y.shape().size(1))
            .integer(shape.size(2)));
  }

  void slice(CudaTensor x, int[] starts, Lengths lengths, CudaTensor y) {
    int count = y.shape().arrayLength();
    long from = tables.integers(starts);
    long valid = tables.integers(lengths.toArray());
    device.launch(
        "slice_time",
        Grid.elements(count),
        device
            .arguments()
            .address(x.address())
            .address(from)
            .address(valid)
            .address(y.address())
            .integer(count)
            .integer(x.shape().size(1))
            .integer(y.shape().size(1))
            .integer(y.shape().size(2)));
  }

  void upsample(CudaTensor x, int factor, CudaTensor y) {
    int count = y.shape().arrayLength();
    device.launch(
        "upsample_time",
        Grid.elements(count),
        device
            .arguments()
            .address(x.address())
            .address(y.address())
            .integer(count)
            .integer(factor)
            .integer(y.shape().size(-1)));
  }
}
