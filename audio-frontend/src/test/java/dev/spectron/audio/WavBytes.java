package dev.spectron.audio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds WAV files, also wrong ones, byte by byte. */
final class WavBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  WavBytes text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  WavBytes u16(int value) {
    out.write(value);
    out.write(value >> 8);
    return this;
  }

  WavBytes u32(long value) {
    return u16((int) value).u16((int) (value >> 16));
  }

  WavBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  WavBytes zeros(int count) {
    return raw(new byte[count]);
  }

  /** {@code RIFF}, a size, {@code WAVE}. */
  static WavBytes riff(long size) {
    return new WavBytes().text("RIFF").u32(size).text("WAVE");
  }

  /** A plain {@code fmt} chunk of 16 bytes. */
  WavBytes fmt(int tag, int channels, int rate, int bits) {
    int block = channels * bits / 8;
    return text("fmt ")
        .u32(16)
        .u16(tag)
        .u16(channels)
        .u32(rate)
        .u32((long) rate * block)
        .u16(block)
        .u16(bits);
  }

  /** A {@code data} chunk. */
  WavBytes data(byte... samples) {
    return text("data").u32(samples.length).raw(samples);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  ByteArrayInputStream stream() {
    return new ByteArrayInputStream(bytes());
  }

  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  static byte[] shorts(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return buffer.array();
  }
}
