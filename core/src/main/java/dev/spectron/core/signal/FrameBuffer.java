package dev.spectron.core.signal;

import java.util.Arrays;

/** The latest frames of a stream, each of the same number of values, by index in the utterance. */
public final class FrameBuffer {
  private final int width;
  private float[] values = new float[0];
  private int first;

  /** None yet, of {@code width} values each. */
  public FrameBuffer(int width) {
    this.width = width;
  }

  /** Index behind the last frame. */
  public int end() {
    return first + values.length / width;
  }

  /** Frames held. */
  public int size() {
    return values.length / width;
  }

  /** Adds whole frames at the end. */
  public void append(float[] frames) {
    int length = values.length;
    values = Arrays.copyOf(values, Math.addExact(length, frames.length));
    System.arraycopy(frames, 0, values, length, frames.length);
  }

  /** A copy of the frames {@code [from, to)}, none of them forgotten. */
  public float[] slice(int from, int to) {
    return Arrays.copyOfRange(values, (from - first) * width, (to - first) * width);
  }

  /** Forgets the frames before {@code frame}, if they are still held. */
  public void forget(int frame) {
    if (frame > first) {
      values = slice(frame, end());
      first = frame;
    }
  }
}
