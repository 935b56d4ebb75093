package dev.spectron.cli;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Recordings for tests, good and bad. */
final class Recordings {
  static final int RATE = 16_000;

  private Recordings() {}

  /** A quarter of a second of 440 Hz. */
  static Path tone(Path folder, String name) {
    float[] samples = new float[RATE / 4];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 440 * i / RATE));
    }
    return write(folder.resolve(name), samples);
  }

  static Path silence(Path folder, double seconds) {
    return write(folder.resolve("silence.wav"), new float[(int) (seconds * RATE)]);
  }

  static Path noise(Path folder) {
    SplittableRandom random = new SplittableRandom(3);
    float[] samples = new float[RATE / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextFloat(-1, 1);
    }
    return write(folder.resolve("noise.wav"), samples);
  }

  static Path bytes(Path folder, String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** A header of 44 bytes that claims {@code dataBytes} of samples, and as many as there are. */
  static byte[] wav(int channels, int bits, int dataBytes, int writtenBytes) {
    ByteBuffer wav = ByteBuffer.allocate(44 + writtenBytes).order(ByteOrder.LITTLE_ENDIAN);
    int frame = channels * bits / 8;
    wav.put(ascii("RIFF")).putInt(36 + dataBytes).put(ascii("WAVEfmt ")).putInt(16);
    wav.putShort((short) 1).putShort((short) channels).putInt(RATE).putInt(RATE * frame);
    wav.putShort((short) frame).putShort((short) bits);
    wav.put(ascii("data")).putInt(dataBytes);
    return wav.array();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Path write(Path path, float[] samples) {
    WavFile.write(path, new Waveform(samples, RATE));
    return path;
  }
}
