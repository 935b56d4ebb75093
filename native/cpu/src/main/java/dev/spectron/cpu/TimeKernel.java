package dev.spectron.cpu;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/** Copies of whole frames between {@code [batch, time, channels]} arrays. */
final class TimeKernel {
  private TimeKernel() {}

  /** Appends the valid frames of {@code x} to each row of {@code y} and moves {@code filled} on. */
  static void append(
      float[] x, Shape shape, Lengths lengths, float[] y, Shape joined, int[] filled) {
    int channels = shape.size(2);
    for (int row = 0; row < filled.length; row++) {
      int frames = lengths.at(row);
      int from = row * shape.size(1) * channels;
      int to = (row * joined.size(1) + filled[row]) * channels;
      System.arraycopy(x, from, y, to, frames * channels);
      filled[row] += frames;
    }
  }

  /** Zeroes the frames of each row past {@code frames}. */
  static void zeroPadding(float[] y, Shape shape, int[] frames) {
    int channels = shape.size(2);
    for (int row = 0; row < frames.length; row++) {
      int first = row * shape.size(1);
      Arrays.fill(y, (first + frames[row]) * channels, (first + shape.size(1)) * channels, 0);
    }
  }

  /** Cuts {@code lengths} frames from {@code starts} on out of each row. */
  static void slice(float[] x, Shape shape, int[] starts, Lengths lengths, float[] y, Shape cut) {
    int channels = shape.size(2);
    for (int row = 0; row < starts.length; row++) {
      int from = (row * shape.size(1) + starts[row]) * channels;
      int to = row * cut.size(1) * channels;
      System.arraycopy(x, from, y, to, lengths.at(row) * channels);
    }
    zeroPadding(y, cut, lengths.toArray());
  }

  /** Repeats the frames {@code first} up to {@code end}, counted over all rows. */
  static void upsample(float[] x, int channels, int factor, float[] y, int first, int end) {
    for (int frame = first; frame < end; frame++) {
      for (int i = 0; i < factor; i++) {
        System.arraycopy(x, frame * channels, y, (frame * factor + i) * channels, channels);
      }
    }
  }
}
