package dev.spectron.audio;

import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * WAV files. Reads PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, A-law and µ-law, plain or
 * extensible, RIFF or RF64, of any rate from 100 Hz to 768 kHz and 1 to 64 channels, which are
 * averaged. Writes 16-bit PCM.
 */
public final class WavFile {
  /** Recordings must be shorter than this. */
  public static final int MAX_SECONDS = 600;

  /** Most samples of a recording, over all rates: 10 minutes at 48 kHz, 115 MB in memory. */
  public static final int MAX_SAMPLES = MAX_SECONDS * 48_000;

  private static final int HEADER_BYTES = 44;
  private static final int BUFFER_SAMPLES = 1 << 15;

  private WavFile() {}

  /**
   * Reads a file.
   *
   * @param path of a file, link or pipe
   * @return at the rate of the file, at least one sample
   * @throws AudioException if it cannot be read, is no WAV file, is malformed, holds an unsupported
   *     format or is too long; the message names the file, the byte and the remedy
   */
  public static Waveform read(Path path) {
    if (Files.isDirectory(path)) {
      throw new AudioException(
          path + ": expected a WAV file, found a folder; name a file in it",
          ErrorCode.AUDIO_FORMAT);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return read(path.toString(), in);
    } catch (NoSuchFileException e) {
      throw new AudioException(path + ": no such file; check the path", ErrorCode.AUDIO_MISSING, e);
    } catch (AccessDeniedException e) {
      throw new AudioException(
          path + ": may not be read; check its permissions", ErrorCode.AUDIO_UNREADABLE, e);
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * Reads a stream up to the end of its samples; does not close it.
   *
   * @param name what messages call it, such as {@code standard input}
   * @param in a WAV file from its first byte
   * @return at the rate of the file, at least one sample
   * @throws AudioException as for a file
   */
  public static Waveform read(String name, InputStream in) {
    return read(name, in, MAX_SECONDS);
  }

  /**
   * Reads a stream that may hold less than a file may; stops at the first sample too many.
   *
   * @param name what messages call it
   * @param in a WAV file from its first byte
   * @param maxSeconds recordings must be shorter than this, 1 to {@link #MAX_SECONDS}
   * @return at the rate of the file, at least one sample
   * @throws AudioException as for a file
   */
  public static Waveform read(String name, InputStream in, int maxSeconds) {
    if (maxSeconds < 1 || maxSeconds > MAX_SECONDS) {
      throw new IllegalArgumentException(
          "seconds: expected 1 to " + MAX_SECONDS + ", found " + maxSeconds);
    }
    try {
      return new WavReader(name, in, maxSeconds).read();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * Writes a 16-bit PCM file, whole or not at all. Samples are rounded to the nearest step of 1 /
   * 32768; those outside [−1, 1) are clipped.
   *
   * @param path replaced if it exists; its folder must exist
   * @throws AudioException if a sample is not finite or the file cannot be written
   */
  public static void write(Path path, Waveform waveform) {
    check(path.toString(), waveform);
    try {
      AtomicFile.write(path, channel -> write(channel, waveform));
    } catch (IOException e) {
      throw new AudioException(
          "%s: cannot be written (%s); check the folder, its permissions and the space left"
              .formatted(path, e),
          ErrorCode.AUDIO_UNWRITABLE,
          e);
    }
  }

  /**
   * Writes 16-bit PCM to a stream, as {@link #write(Path, Waveform)}; does not close it.
   *
   * @param name what messages call it, such as {@code standard output}
   * @throws AudioException if a sample is not finite or the stream fails
   */
  public static void write(String name, OutputStream out, Waveform waveform) {
    check(name, waveform);
    try {
      write(Channels.newChannel(out), waveform);
      out.flush();
    } catch (IOException e) {
      throw new AudioException(
          "%s: cannot be written (%s); check where the stream leads"
              .formatted(name, e.getMessage()),
          ErrorCode.AUDIO_UNWRITABLE,
          e);
    }
  }

  private static AudioException unreadable(String name, IOException e) {
    return new AudioException(
        "%s: cannot be read (%s); check the disk or the stream".formatted(name, e.getMessage()),
        ErrorCode.AUDIO_UNREADABLE,
        e);
  }

  private static void check(String name, Waveform waveform) {
    float[] samples = waveform.samples();
    if (samples.length > (Integer.MAX_VALUE - HEADER_BYTES) / Short.BYTES) {
      throw new AudioException(
          name + ": " + samples.length + " samples do not fit a WAV file; write shorter pieces",
          ErrorCode.AUDIO_TOO_LONG);
    }
    for (int i = 0; i < samples.length; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new AudioException(
            "%s: sample %d: expected a finite number, found %s; nothing was written; repair the sound"
                .formatted(name, i, samples[i]),
            ErrorCode.AUDIO_NOT_FINITE);
      }
    }
  }

  private static void write(WritableByteChannel channel, Waveform waveform) throws IOException {
    float[] samples = waveform.samples();
    ByteBuffer buffer =
        ByteBuffer.allocate(HEADER_BYTES + BUFFER_SAMPLES * Short.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    putHeader(buffer, waveform);
    for (int i = 0; i < samples.length; i++) {
      if (buffer.remaining() < Short.BYTES) {
        drain(buffer, channel);
      }
      int step = Math.round(samples[i] * 32768);
      buffer.putShort((short) Math.clamp(step, Short.MIN_VALUE, Short.MAX_VALUE));
    }
    drain(buffer, channel);
  }

  private static void putHeader(ByteBuffer buffer, Waveform waveform) {
    int dataBytes = waveform.samples().length * Short.BYTES;
    int rate = waveform.sampleRate();
    buffer.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER_BYTES - 8 + dataBytes);
    buffer.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    buffer.putShort((short) 1).putShort((short) 1);
    buffer.putInt(rate).putInt(rate * Short.BYTES).putShort((short) Short.BYTES);
    buffer.putShort((short) Short.SIZE);
    buffer.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(dataBytes);
  }

  private static void drain(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
