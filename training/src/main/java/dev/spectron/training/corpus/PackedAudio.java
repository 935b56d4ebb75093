package dev.spectron.training.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends clips to one file of 16-bit little-endian PCM. */
final class PackedAudio implements AutoCloseable {
  private final String name;
  private final FileChannel channel;
  private long samples;

  PackedAudio(Path folder, String name) throws IOException {
    this.name = name;
    this.channel =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  AudioRange append(float[] clip) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * clip.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : clip) {
      bytes.putShort(
          (short) Math.clamp(Math.round(sample * 32768f), Short.MIN_VALUE, Short.MAX_VALUE));
    }
    bytes.flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    AudioRange range = new AudioRange(name, samples, clip.length);
    samples += clip.length;
    return range;
  }

  long samples() {
    return samples;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.force(true);
    }
  }
}
