package dev.spectron.sdk;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.Waveform;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Recorded sound, a question's or an answer's: mono samples at a rate. Immutable, so it may be
 * shared by threads and asked with more than once.
 *
 * {@snippet :
 * Speech question = Speech.readWav(Path.of("question.wav"));
 * System.out.println(question.seconds());
 * Speech silence = Speech.of(new float[16_000], 16_000);
 * silence.writeWav(Path.of("silence.wav"));
 * }
 */
public final class Speech {
  private static final int MIN_RATE = 100;
  private static final int MAX_RATE = 768_000;

  private final Waveform waveform;
  private final String name;

  private Speech(Waveform waveform, String name) {
    this.waveform = waveform;
    this.name = name;
  }

  /** Of the model, which is trusted to make samples in range. */
  static Speech ofAnswer(Waveform waveform) {
    return new Speech(waveform, "");
  }

  /**
   * Sound from memory.
   *
   * @param samples mono, nominally in [−1, 1], finite, at least one; copied
   * @param sampleRate 100 to 768,000 Hz
   * @throws AudioException if there is no sample, one is not finite or the rate is out of range
   */
  public static Speech of(float[] samples, int sampleRate) {
    if (samples.length == 0) {
      throw new AudioException(
          "samples: expected at least one, found none; record it again", ErrorCode.AUDIO_EMPTY);
    }
    if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
      throw new AudioException(
          "sample rate: expected %d to %d Hz, found %d Hz; pass samples a second"
              .formatted(MIN_RATE, MAX_RATE, sampleRate),
          ErrorCode.AUDIO_RATE);
    }
    float[] copy = samples.clone();
    for (int i = 0; i < copy.length; i++) {
      if (!Float.isFinite(copy[i])) {
        throw new AudioException(
            "sample %d: expected a finite number, found %s; repair the recording"
                .formatted(i, copy[i]),
            ErrorCode.AUDIO_NOT_FINITE);
      }
    }
    return new Speech(new Waveform(copy, sampleRate), "");
  }

  /**
   * Reads a recording, now and as a whole.
   *
   * @param file a WAV file: PCM, float, A-law or µ-law, any rate and channel count, shorter than 10
   *     minutes
   * @throws AudioException if the file cannot be read or is no such file
   */
  public static Speech readWav(Path file) {
    return new Speech(WavFile.read(file), file.toString());
  }

  /**
   * Reads a recording, now and as a whole.
   *
   * @param in a WAV file from its first byte; read up to the end of its samples, not closed
   * @throws AudioException if the stream fails or is no WAV file
   */
  public static Speech readWav(InputStream in) {
    return new Speech(WavFile.read("question", in), "");
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

  /**
   * Writes a 16-bit PCM file.
   *
   * @param out left open
   * @throws AudioException if the stream fails
   */
  public void writeWav(OutputStream out) {
    WavFile.write("speech", out, waveform);
  }

  Waveform waveform() {
    return waveform;
  }

  /** The file it came from, or nothing. */
  String name() {
    return name;
  }
}
