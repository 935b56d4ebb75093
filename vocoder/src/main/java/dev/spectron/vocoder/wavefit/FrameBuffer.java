package dev.spectron.vocoder.wavefit;

import java.util.Arrays;

/** The latest frames of a stream, each of the same number of values, by index in the utterance. */
final class FrameBuffer {
  private final int width;
  private float[] values = new float[0];
  private int first;

  FrameBuffer(int width) {
    this.width = width;
  }

  /** Index behind the last frame. */
  int end() {
    return first + values.length / width;
  }

  /** Frames held. */
  int size() {
    return values.length / width;
  }

  /** Adds whole frames at the end. */
  void append(float[] frames) {
    int length = values.length;
    values = Arrays.copyOf(values, Math.addExact(length, frames.length));
    System.arraycopy(frames, 0, values, length, frames.length);
  }

  /** A copy of the frames {@code [from, to)}, none of them forgotten. */
  float[] slice(int from, int to) {
    return Arrays.copyOfRange(values, (from - first) * width, (to - first) * width);
  }

  /** Forgets the frames before {@code frame}, if they are still held. */
  void forget(int frame) {
    if (frame > first) {
      values = slice(frame, end());
      first = frame;
    }
  }
}
