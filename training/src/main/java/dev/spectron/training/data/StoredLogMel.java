package dev.spectron.training.data;

import dev.spectron.core.signal.LogMel;

/**
 * A raw log-mel spectrogram kept in half precision, so that tens of hours fit the heap; its error,
 * 2⁻¹¹ relative, is far below the noise of speech.
 */
public final class StoredLogMel {
  private final short[] frames;
  private final int nMels;

  /** Keeps a copy. */
  public StoredLogMel(LogMel logMel) {
    this.nMels = logMel.spec().nMels();
    this.frames = new short[logMel.frames().length];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = Float.floatToFloat16(logMel.frames()[i]);
    }
  }

  /** Number of frames. */
  public int time() {
    return frames.length / nMels;
  }

  /** Raw values, row-major {@code [time, n_mels]}. */
  public float[] values() {
    float[] values = new float[frames.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(frames[i]);
    }
    return values;
  }
}
