package dev.spectron.core.backend;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;

/** Copies of whole frames between {@code [batch, time, channels]} arrays. */
final class ReferenceTime {
  private ReferenceTime() {}

  /** Appends the valid frames of {@code x} to each row of {@code y} and moves {@code filled} on. */
  static void append(
      double[] x, Shape shape, Lengths lengths, double[] y, Shape joined, int[] filled) {
    int channels = shape.size(2);
    for (int row = 0; row < filled.length; row++) {
      int frames = lengths.at(row);
      int from = row * shape.size(1) * channels;
      int to = (row * joined.size(1) + filled[row]) * channels;
      System.arraycopy(x, from, y, to, frames * channels);
      filled[row] += frames;
    }
  }

  static double[] slice(double[] x, Shape shape, int[] starts, Lengths lengths, Shape cut) {
    int channels = shape.size(2);
    double[] y = new double[cut.arrayLength()];
    for (int row = 0; row < starts.length; row++) {
      int from = (row * shape.size(1) + starts[row]) * channels;
      int to = row * cut.size(1) * channels;
      System.arraycopy(x, from, y, to, lengths.at(row) * channels);
    }
    return y;
  }

  static double[] upsample(double[] x, int channels, int factor, Shape stretched) {
    double[] y = new double[stretched.arrayLength()];
    for (int frame = 0; frame < y.length / channels; frame++) {
      System.arraycopy(x, frame / factor * channels, y, frame * channels, channels);
    }
    return y;
  }
}
