package dev.spectron.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;

/**
 * Samples as sound devices have them: signed integers of 8, 16, 24 or 32 bits, in either order of
 * bytes, one after the other for each channel.
 *
 * @param format of the device
 */
record PcmBytes(AudioFormat format) {
  /** Whether a format is one of these. */
  static boolean isOne(AudioFormat format) {
    int bits = format.getSampleSizeInBits();
    return format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED)
        && bits >= 8
        && bits <= 32
        && bits % 8 == 0
        && format.getChannels() >= 1
        && format.getFrameSize() == format.getChannels() * bits / 8;
  }

  /** Bytes of a sample of all channels. */
  int frameBytes() {
    return format.getFrameSize();
  }

  /** The mean of the channels of each sample, in [−1, 1). */
  float[] decode(byte[] bytes, int length) {
    float[] samples = new float[length / frameBytes()];
    for (int i = 0; i < samples.length; i++) {
      double sum = 0;
      for (int channel = 0; channel < format.getChannels(); channel++) {
        sum += number(bytes, i * frameBytes() + channel * sampleBytes());
      }
      samples[i] = (float) (sum / format.getChannels() / (1L << 31));
    }
    return samples;
  }

  /** The same sample for every channel; what is outside of [−1, 1) is clipped. */
  byte[] encode(float[] samples) {
    byte[] bytes = new byte[samples.length * frameBytes()];
    double scale = 1L << (8 * sampleBytes() - 1);
    for (int i = 0; i < samples.length; i++) {
      long step = Math.clamp(Math.round(samples[i] * scale), (long) -scale, (long) scale - 1);
      for (int channel = 0; channel < format.getChannels(); channel++) {
        put(step, bytes, i * frameBytes() + channel * sampleBytes());
      }
    }
    return bytes;
  }

  private int sampleBytes() {
    return format.getSampleSizeInBits() / 8;
  }

  /** A sample as if it had 32 bits. */
  private int number(byte[] bytes, int at) {
    byte[] wide = new byte[Integer.BYTES];
    int size = sampleBytes();
    System.arraycopy(bytes, at, wide, format.isBigEndian() ? 0 : Integer.BYTES - size, size);
    return ByteBuffer.wrap(wide).order(order()).getInt();
  }

  private void put(long step, byte[] bytes, int at) {
    int size = sampleBytes();
    byte[] wide = ByteBuffer.allocate(Long.BYTES).order(order()).putLong(step).array();
    System.arraycopy(wide, format.isBigEndian() ? Long.BYTES - size : 0, bytes, at, size);
  }

  private ByteOrder order() {
    return format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }
}
