package dev.spectron.live;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.SourceDataLine;

/** Plays nothing: what is written stays queued until it is flushed. */
final class ToyLoudspeakerLine extends ToyLine implements SourceDataLine {
  private int queuedBytes;

  @Override
  public void open(AudioFormat wanted, int bytes) {
    super.open(wanted, bytes);
  }

  @Override
  public void open(AudioFormat wanted) {
    super.open(wanted);
  }

  @Override
  public int available() {
    return bufferBytes - queuedBytes;
  }

  @Override
  public void flush() {
    queuedBytes = 0;
  }

  @Override
  public int write(byte[] bytes, int from, int length) {
    queuedBytes += length;
    return length;
  }
}
