package dev.spectron.sdk;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;

/** The sound of an answer: mono samples at a rate. Immutable. */
public final class Speech {
  private final Waveform waveform;

  Speech(Waveform waveform) {
    this.waveform = waveform;
  }

  /** A copy of the samples, nominally in [−1, 1]. */
  public float[] samples() {
    return waveform.samples().clone();
  }

  /** Samples a second, Hz. */
  public int sampleRate() {
    return waveform.sampleRate();
  }

  /** Duration, seconds. */
  public double seconds() {
    return waveform.seconds();
  }

  /**
   * Writes a 16-bit PCM file, whole or not at all.
   *
   * @param path replaced if it exists; its folder must exist
   * @throws AudioException if the file cannot be written
   */
  public void writeWav(Path path) {
    WavFile.write(path, waveform);
  }
}
