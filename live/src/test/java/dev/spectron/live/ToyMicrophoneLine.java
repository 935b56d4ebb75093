package dev.spectron.live;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.TargetDataLine;

/** Hears the numbers 0, 1, 2, … on the left and their negatives on the right, for half a second. */
final class ToyMicrophoneLine extends ToyLine implements TargetDataLine {
  static final int SAMPLES = 24_000;

  private int at;

  @Override
  public void open(AudioFormat wanted, int bytes) {
    super.open(wanted, bytes);
  }

  @Override
  public void open(AudioFormat wanted) {
    super.open(wanted);
  }

  @Override
  public int read(byte[] bytes, int from, int length) {
    int frames = Math.min(length / 6, SAMPLES - at);
    for (int i = 0; i < frames; i++) {
      put(256 * 3 * at, bytes, from + 6 * i);
      put(-256 * at, bytes, from + 6 * i + 3);
      at++;
    }
    return 6 * frames;
  }

  private static void put(int value, byte[] bytes, int at) {
    bytes[at] = (byte) (value >> 16);
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) value;
  }
}
