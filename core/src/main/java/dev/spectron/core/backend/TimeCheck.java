package dev.spectron.core.backend;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.List;

/** Operand checks of the operations that lay out frames, and of the spectrogram. */
final class TimeCheck {
  private TimeCheck() {}

  static void reshape(Tensor x, Shape shape) {
    if (x.shape().elements() != shape.elements()) {
      throw Operands.of("reshape").expected(shape.elements() + " elements for " + shape, x.shape());
    }
  }

  static void concatTime(List<Tensor> parts, List<Lengths> lengths) {
    Operands operands = Operands.of("concatTime");
    operands.atLeast("number of parts", 1, parts.size());
    if (parts.size() != lengths.size()) {
      throw operands.expected("lengths of " + parts.size() + " parts", lengths);
    }
    for (int i = 0; i < parts.size(); i++) {
      Tensor part = parts.get(i);
      operands.frames(part);
      operands.sameShape(parts.getFirst().shape().with(1, part.shape().size(1)), part);
      operands.lengths(lengths.get(i), part);
    }
    long longest = 0;
    for (int row = 0; row < lengths.getFirst().batch(); row++) {
      long joined = 0;
      for (Lengths part : lengths) {
        joined += part.at(row);
      }
      longest = Math.max(longest, joined);
    }
    operands.atLeast("longest joined row", 1, longest);
    operands.fitsInt("longest joined row", longest);
  }

  static void sliceTime(Tensor x, int[] starts, Lengths lengths) {
    Operands operands = Operands.of("sliceTime");
    operands.frames(x);
    int time = x.shape().size(1);
    if (starts.length != x.shape().size(0) || lengths.batch() != starts.length) {
      throw operands.expected(
          "starts and lengths of " + x.shape().size(0) + " rows",
          starts.length + " and " + lengths.batch());
    }
    for (int row = 0; row < starts.length; row++) {
      if (starts[row] < 0 || starts[row] > time || lengths.at(row) > time - starts[row]) {
        throw operands.expected(
            "a piece within the " + time + " frames of row " + row,
            lengths.at(row) + " from " + starts[row]);
      }
    }
    operands.atLeast("longest piece", 1, lengths.max());
  }

  static void upsampleTime(Tensor x, int factor) {
    Operands operands = Operands.of("upsampleTime");
    operands.frames(x);
    operands.atLeast("factor", 1, factor);
    operands.fitsInt("output time", (long) x.shape().size(1) * factor);
  }

  static void powerSpectrogram(Tensor x, int nFft, int winLength, int hopLength) {
    Operands operands = Operands.of("powerSpectrogram");
    operands.frames(x, 1);
    if (nFft < 2 || Integer.bitCount(nFft) != 1) {
      throw operands.expected("an FFT size that is a power of two", nFft);
    }
    if (winLength < 1 || winLength > nFft) {
      throw operands.expected("a window of 1 to " + nFft + " samples", winLength);
    }
    operands.atLeast("hop length", 1, hopLength);
    operands.atLeast("number of samples", nFft / 2 + 1, x.shape().size(1));
  }
}
