package dev.spectron.audio;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.Waveform;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One pass over a WAV stream: chunks up to the samples, then the samples. Nothing the header claims
 * is believed: memory grows with bytes that were really read.
 */
final class WavReader {
  private static final long HEADER_LIMIT = 64L << 20;
  private static final int MAX_CHANNELS = 64;
  private static final int MIN_RATE = 100;
  private static final int MAX_RATE = 768_000;
  private static final int BUFFER_BYTES = 1 << 14;
  private static final int FIRST_SAMPLES = 1 << 12;

  /** Sizes from here on are what writers to a pipe leave behind, who cannot know the real one. */
  private static final long UNKNOWN_SIZE = 0x7FFF_0000L;

  /** The end of the extensible header's sub-format, after the format tag. */
  private static final byte[] SUBFORMAT = {
    0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71
  };

  private final String name;
  private final InputStream in;
  private final int maxSeconds;
  private long position;

  WavReader(String name, InputStream in, int maxSeconds) {
    this.name = FileSignature.printable(name);
    this.in = in;
    this.maxSeconds = maxSeconds;
  }

  Waveform read() throws IOException {
    long riffSize = readRiffHeader();
    long wideDataSize = 0;
    Format format = null;
    while (true) {
      long chunk = position;
      byte[] head = in.readNBytes(8);
      position += head.length;
      if (head.length < 8) {
        throw error(
            chunk, "expected a chunk with samples, found the end; the file is cut off or empty");
      }
      String id = new String(head, 0, 4, StandardCharsets.ISO_8859_1);
      long size = unsigned(little(head), 4);
      switch (id) {
        case "fmt " -> format = readFormat(size);
        case "ds64" -> wideDataSize = readWideDataSize(size);
        case "data" -> {
          if (format == null) {
            throw error(chunk, "expected a 'fmt ' chunk before the samples, found none");
          }
          return readSamples(format, dataSize(size, wideDataSize, riffSize));
        }
        default -> skip(id, size + (size & 1));
      }
    }
  }

  /** The size the header claims, counted from byte 8. */
  private long readRiffHeader() throws IOException {
    byte[] head = in.readNBytes(FileSignature.BYTES);
    position = head.length;
    if (head.length == 0) {
      throw new AudioException(
          name + ": expected a WAV file, found no bytes; record it again", ErrorCode.AUDIO_EMPTY);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    boolean riff = text.startsWith("RIFF") || text.startsWith("RF64") || text.startsWith("BW64");
    if (riff && head.length < FileSignature.BYTES) {
      throw error(head.length, "expected 12 bytes of header, found the end; the file is cut off");
    }
    if (!riff || !text.startsWith("WAVE", 8)) {
      throw error(
          0,
          "expected a WAV file, found "
              + FileSignature.describe(head)
              + "; convert to 16-bit PCM: "
              + remedy());
    }
    return unsigned(little(head), 4);
  }

  private Format readFormat(long size) throws IOException {
    long start = position;
    if (size < 16) {
      throw error(start - 4, "expected a 'fmt ' chunk of at least 16 bytes, found " + size);
    }
    byte[] bytes = in.readNBytes((int) Math.min(size, 40));
    position += bytes.length;
    if (bytes.length < Math.min(size, 40)) {
      throw error(position, "expected a 'fmt ' chunk of " + size + " bytes, found the end");
    }
    skip("fmt ", size + (size & 1) - bytes.length);
    return format(start, little(bytes));
  }

  private Format format(long start, ByteBuffer fields) {
    int tag = fields.getShort(0) & 0xFFFF;
    int channels = fields.getShort(2) & 0xFFFF;
    long rate = unsigned(fields, 4);
    int blockAlign = fields.getShort(12) & 0xFFFF;
    int bits = fields.getShort(14) & 0xFFFF;
    if (tag == SampleFormat.EXTENSIBLE) {
      if (fields.capacity() < 40) {
        throw error(start, "expected an extensible header of 40 bytes, found " + fields.capacity());
      }
      byte[] rest = new byte[SUBFORMAT.length];
      fields.get(26, rest);
      tag = Arrays.equals(rest, SUBFORMAT) ? fields.getShort(24) & 0xFFFF : tag;
    }
    if (!SampleFormat.isSupported(tag)) {
      throw error(
          start,
          "format "
              + SampleFormat.describe(tag)
              + " is not supported; convert to 16-bit PCM: "
              + remedy());
    }
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw error(
          start + 2,
          "expected 1 to "
              + MAX_CHANNELS
              + " channels, found "
              + channels
              + "; convert to mono: "
              + remedy());
    }
    if (rate < MIN_RATE || rate > MAX_RATE) {
      throw error(
          start + 4,
          "expected a rate of "
              + MIN_RATE
              + " to "
              + MAX_RATE
              + " Hz, found "
              + rate
              + " Hz; record it again",
          ErrorCode.AUDIO_RATE);
    }
    int checkedTag = tag;
    SampleFormat samples =
        SampleFormat.of(tag, bits)
            .orElseThrow(
                () ->
                    error(
                        start + 14,
                        "%d-bit samples of format %s are not supported; convert to 16-bit PCM: %s"
                            .formatted(bits, SampleFormat.describe(checkedTag), remedy())));
    if (blockAlign != channels * samples.bytes()) {
      throw error(
          start + 12,
          "expected %d bytes for %d channels of %d bits, found %d; the header is damaged"
              .formatted(channels * samples.bytes(), channels, bits, blockAlign));
    }
    return new Format(samples, channels, (int) rate);
  }

  private long readWideDataSize(long size) throws IOException {
    if (size < 16) {
      throw error(position - 4, "expected a 'ds64' chunk of at least 16 bytes, found " + size);
    }
    byte[] bytes = in.readNBytes(16);
    position += bytes.length;
    if (bytes.length < 16) {
      throw error(position, "expected a 'ds64' chunk of " + size + " bytes, found the end");
    }
    skip("ds64", size + (size & 1) - 16);
    return little(bytes).getLong(8);
  }

  /** Bytes of samples, or {@link Long#MAX_VALUE} for all there are. */
  private long dataSize(long size, long wideSize, long riffSize) {
    boolean moreChunksClaimed = riffSize < UNKNOWN_SIZE && riffSize + 8 > position;
    if (size == 0) {
      return moreChunksClaimed ? 0 : Long.MAX_VALUE;
    }
    if (size == 0xFFFF_FFFFL && wideSize > 0) {
      return wideSize;
    }
    return size < UNKNOWN_SIZE ? size : Long.MAX_VALUE;
  }

  private Waveform readSamples(Format format, long size) throws IOException {
    int frameBytes = format.channels * format.samples.bytes();
    byte[] buffer = new byte[frameBytes * (BUFFER_BYTES / frameBytes)];
    float[] samples = new float[FIRST_SAMPLES];
    int count = 0;
    long start = position;
    long left = size;
    while (left >= frameBytes) {
      int read = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
      for (int at = 0; at + frameBytes <= read; at += frameBytes) {
        if (count == samples.length) {
          checkLength(count, format.rate);
          long most = Math.min(WavFile.MAX_SAMPLES, (long) maxSeconds * format.rate);
          samples = Arrays.copyOf(samples, (int) Math.min(2L * count, most));
        }
        samples[count++] = frame(format, buffer, at, position + at);
      }
      position += read;
      left -= read;
      if (read < buffer.length) {
        break;
      }
    }
    if (size != Long.MAX_VALUE && left >= frameBytes) {
      throw error(
          start,
          "expected %d bytes of samples, found %d; the file is cut off, copy it again"
              .formatted(size, size - left));
    }
    if (count == 0) {
      throw error(start, "expected samples, found none; the recording is empty, record it again");
    }
    checkLength(count - 1, format.rate);
    return new Waveform(Arrays.copyOf(samples, count), format.rate);
  }

  /** The mean over the channels. */
  private float frame(Format format, byte[] buffer, int at, long where) {
    double sum = 0;
    for (int channel = 0; channel < format.channels; channel++) {
      sum += format.samples.decode(buffer, at + channel * format.samples.bytes());
    }
    float mean = (float) (sum / format.channels);
    if (!Float.isFinite(mean)) {
      throw error(
          where,
          "expected finite samples, found " + mean + "; repair the recording",
          ErrorCode.AUDIO_NOT_FINITE);
    }
    return mean;
  }

  private void checkLength(int samplesBefore, int rate) {
    if (samplesBefore + 1L >= (long) maxSeconds * rate) {
      throw new AudioException(
          "%s: expected less than %d s of sound, found more; cut it into pieces"
              .formatted(name, maxSeconds),
          ErrorCode.AUDIO_TOO_LONG);
    }
    if (samplesBefore >= WavFile.MAX_SAMPLES) {
      throw new AudioException(
          "%s: expected at most %d samples, found more at %d Hz; lower the rate: %s -ar 48000"
              .formatted(name, WavFile.MAX_SAMPLES, rate, remedy()),
          ErrorCode.AUDIO_TOO_LONG);
    }
  }

  private void skip(String id, long bytes) throws IOException {
    if (position + bytes > HEADER_LIMIT) {
      throw error(
          position,
          "expected samples within the first %d bytes, found a chunk '%s' of %d bytes"
              .formatted(HEADER_LIMIT, FileSignature.printable(id), bytes));
    }
    try {
      in.skipNBytes(bytes);
      position += bytes;
    } catch (EOFException e) {
      throw error(
          position,
          "expected a chunk '%s' of %d more bytes, found the end; the file is cut off"
              .formatted(FileSignature.printable(id), bytes));
    }
  }

  private String remedy() {
    return "ffmpeg -i " + name + " -c:a pcm_s16le converted.wav";
  }

  private AudioException error(long at, String message) {
    return error(at, message, ErrorCode.AUDIO_FORMAT);
  }

  private AudioException error(long at, String message, ErrorCode code) {
    return new AudioException(name + ": byte " + at + ": " + message, code);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long unsigned(ByteBuffer fields, int at) {
    return Integer.toUnsignedLong(fields.getInt(at));
  }

  private record Format(SampleFormat samples, int channels, int rate) {}
}
