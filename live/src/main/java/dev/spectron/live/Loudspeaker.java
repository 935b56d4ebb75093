package dev.spectron.live;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;

/** A device to play on. */
final class Loudspeaker implements SoundOutput {
  private static final double BUFFER_SECONDS = 0.15;

  private final SourceDataLine line;
  private final PcmBytes coding;

  private Loudspeaker(SourceDataLine line, AudioFormat format) {
    this.line = line;
    this.coding = new PcmBytes(format);
  }

  static Loudspeaker open(SourceDataLine line, AudioFormat format) throws LineUnavailableException {
    line.open(format, bufferBytes(format));
    line.start();
    return new Loudspeaker(line, format);
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
  public int room() {
    return line.available() / coding.frameBytes();
  }

  @Override
  public int queued() {
    return (line.getBufferSize() - line.available()) / coding.frameBytes();
  }

  @Override
  public void write(float[] samples) {
    byte[] bytes = coding.encode(samples);
    line.write(bytes, 0, bytes.length);
  }

  @Override
  public int drop() {
    int queued = queued();
    line.flush();
    return queued;
  }

  @Override
  public void close() {
    line.stop();
    line.flush();
    line.close();
  }
}
