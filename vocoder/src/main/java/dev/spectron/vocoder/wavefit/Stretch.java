package dev.spectron.vocoder.wavefit;

import java.util.List;
import java.util.function.Function;

/**
 * A stretch of an utterance between two iterations, on the host.
 *
 * @param wave {@code time · hopLength} samples
 * @param frames the generator's input, row-major {@code [time, n_mels]}, normalised
 * @param power mean power that each frame should have
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Stretch(float[] wave, float[] frames, float[] power) {
  static Stretch none() {
    return new Stretch(new float[0], new float[0], new float[0]);
  }

  /** Number of frames. */
  public int time() {
    return power.length;
  }

  static Stretch join(List<Stretch> parts) {
    return new Stretch(
        join(parts, Stretch::wave), join(parts, Stretch::frames), join(parts, Stretch::power));
  }

  private static float[] join(List<Stretch> parts, Function<Stretch, float[]> field) {
    return joined(parts.stream().map(field).toList());
  }

  /** One part after the other. */
  static float[] joined(List<float[]> parts) {
    int length = 0;
    for (float[] part : parts) {
      length = Math.addExact(length, part.length);
    }
    float[] joined = new float[length];
    int at = 0;
    for (float[] values : parts) {
      System.arraycopy(values, 0, joined, at, values.length);
      at += values.length;
    }
    return joined;
  }
}
