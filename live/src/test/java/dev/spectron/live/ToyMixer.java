package dev.spectron.live;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/** A device of Java Sound with 24-bit stereo in at 48 kHz and 16-bit stereo out at 44.1 kHz. */
final class ToyMixer extends ToyLine implements Mixer {
  static final AudioFormat IN = new AudioFormat(48_000, 24, 2, true, true);
  static final AudioFormat OUT = new AudioFormat(44_100, 16, 2, true, false);

  private final Mixer.Info info;

  ToyMixer(Mixer.Info info) {
    this.info = info;
  }

  @Override
  public Mixer.Info getMixerInfo() {
    return info;
  }

  @Override
  public Line.Info[] getSourceLineInfo() {
    return new Line.Info[] {new DataLine.Info(SourceDataLine.class, OUT)};
  }

  @Override
  public Line.Info[] getTargetLineInfo() {
    return new Line.Info[] {new DataLine.Info(TargetDataLine.class, IN)};
  }

  @Override
  public Line.Info[] getSourceLineInfo(Line.Info wanted) {
    return getSourceLineInfo();
  }

  @Override
  public Line.Info[] getTargetLineInfo(Line.Info wanted) {
    return getTargetLineInfo();
  }

  @Override
  public boolean isLineSupported(Line.Info wanted) {
    return true;
  }

  @Override
  public Line getLine(Line.Info wanted) throws LineUnavailableException {
    if (info.equals(ToyMixerProvider.IN_USE)) {
      throw new LineUnavailableException("line is in use");
    }
    return wanted.getLineClass() == TargetDataLine.class
        ? new ToyMicrophoneLine()
        : new ToyLoudspeakerLine();
  }

  @Override
  public int getMaxLines(Line.Info wanted) {
    return 1;
  }

  @Override
  public Line[] getSourceLines() {
    return new Line[0];
  }

  @Override
  public Line[] getTargetLines() {
    return new Line[0];
  }

  @Override
  public void synchronize(Line[] lines, boolean maintain) {}

  @Override
  public void unsynchronize(Line[] lines) {}

  @Override
  public boolean isSynchronizationSupported(Line[] lines, boolean maintain) {
    return false;
  }
}
