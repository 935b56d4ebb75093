package dev.spectron.training.corpus;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the one kind of file that the speech engines write: 16-bit mono PCM in a RIFF file. */
final class EngineWav {
  private static final int MAX_BYTES = 8 << 20;
  private static final int RIFF = 0x46464952;
  private static final int FMT = 0x20746d66;
  private static final int DATA = 0x61746164;

  private EngineWav() {}

  /**
   * Reads a whole file.
   *
   * @throws AudioException if the file is missing, larger than 8 MiB, of another kind or without
   *     sound
   */
  static Waveform read(Path file) {
    ByteBuffer wav = ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (wav.remaining() < 12 || wav.getInt(0) != RIFF) {
      throw new AudioException(
          file.getFileName() + ": expected a RIFF file, found " + wav.remaining() + " other bytes");
    }
    int sampleRate = 0;
    int at = 12;
    while (at + 8 <= wav.limit()) {
      int id = wav.getInt(at);
      int size = wav.getInt(at + 4);
      at += 8;
      if (id == FMT && at + 16 <= wav.limit()) {
        sampleRate = sampleRate(file, wav, at);
      } else if (id == DATA) {
        return new Waveform(samples(file, wav, at, size), sampleRate);
      }
      at = Math.addExact(at, Math.max(0, size) + (size & 1));
    }
    throw new AudioException(
        file.getFileName() + ": expected a data chunk, found the end of the file");
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new AudioException(
            file.getFileName() + ": expected at most " + MAX_BYTES + " bytes, found more");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AudioException(
          file.getFileName() + ": expected a sound file, found none that can be read", e);
    }
  }

  private static int sampleRate(Path file, ByteBuffer wav, int at) {
    if (wav.getShort(at) != 1 || wav.getShort(at + 2) != 1 || wav.getShort(at + 14) != 16) {
      throw new AudioException(
          file.getFileName() + ": expected 16-bit mono PCM, found another format");
    }
    return wav.getInt(at + 4);
  }

  /** An engine that streams writes a size it does not know: the end of the file bounds it. */
  private static float[] samples(Path file, ByteBuffer wav, int at, int size) {
    long declared = Integer.toUnsignedLong(size);
    float[] samples = new float[(int) (Math.min(declared, wav.limit() - at) / 2)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = wav.getShort(at + 2 * i) / 32768f;
    }
    if (ClipShaper.peak(samples) < 0.001f) {
      throw new AudioException(file.getFileName() + ": expected speech, found silence");
    }
    return samples;
  }
}
