package dev.spectron.live;

import dev.spectron.audio.BlockDispatcher;
import dev.spectron.audio.SampleCoding;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.error.SpokenLmException;
import java.io.InputStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;

/** A device to listen to. */
final class Microphone implements SoundInput {
  private static final double BUFFER_SECONDS = 0.2;

  private final TargetDataLine line;
  private final Dispatcher dispatcher;
  private final PcmBytes coding;
  private volatile boolean closed;

  private Microphone(TargetDataLine line, AudioFormat format, Dispatcher dispatcher) {
    this.line = line;
    this.dispatcher = dispatcher;
    this.coding = new PcmBytes(format);
  }

  static Microphone open(TargetDataLine line, AudioFormat format, Dispatcher dispatcher)
      throws LineUnavailableException {
    line.open(format, bufferBytes(format));
    return new Microphone(line, format, dispatcher);
  }

  private static int bufferBytes(AudioFormat format) {
    int samples = (int) Math.round(BUFFER_SECONDS * format.getSampleRate());
    return samples * format.getFrameSize();
  }

  @Override
  public int rate() {
    return Math.round(coding.format().getSampleRate());
  }

  @Override
  public void run(Receiver receiver) {
    line.start();
    switch (dispatcher) {
      case OWN -> {
        float[] block = read(rate() / 100);
        while (block.length > 0 && receiver.take(block)) {
          block = read(rate() / 100);
        }
      }
      case TARSOS -> runByTarsos(receiver);
    }
  }

  private void runByTarsos(Receiver receiver) {
    try {
      BlockDispatcher.run(new Pcm16(), rate(), rate() / 100, receiver::take);
    } catch (NoClassDefFoundError e) {
      throw new SpokenLmException(
          "dispatcher tarsos: expected TarsosDSP on the class path, found none; add com.github.st-h:TarsosDSP, which is GPL-3, or use the dispatcher own",
          e);
    }
  }

  /** The next sound, as much as there is room for; none after the end. */
  private float[] read(int samples) {
    byte[] bytes = new byte[samples * coding.frameBytes()];
    int read = closed ? 0 : line.read(bytes, 0, bytes.length);
    if (read <= 0 && !closed) {
      throw new AudioException(
          "microphone: expected sound, found that the device has stopped; connect it again",
          ErrorCode.AUDIO_DEVICE);
    }
    return coding.decode(bytes, Math.max(0, read));
  }

  /** The microphone as TarsosDSP wants it: one channel of 16 bits. */
  private final class Pcm16 extends InputStream {
    @Override
    public int read() {
      throw new UnsupportedOperationException("microphone: expected whole samples to be read");
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      byte[] coded = SampleCoding.PCM_16.encode(Microphone.this.read(length / Short.BYTES));
      System.arraycopy(coded, 0, bytes, from, coded.length);
      return coded.length == 0 ? -1 : coded.length;
    }
  }

  @Override
  public void close() {
    closed = true;
    line.stop();
    line.close();
  }
}
