package dev.spectron.live;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.Control;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineListener;

/** What all lines of Java Sound have to have, and nobody here asks for. */
class ToyLine implements DataLine {
  AudioFormat format;
  int bufferBytes;
  boolean open;
  boolean started;

  void open(AudioFormat wanted, int bytes) {
    format = wanted;
    bufferBytes = bytes;
    open = true;
  }

  void open(AudioFormat wanted) {
    open(wanted, 4096);
  }

  @Override
  public void drain() {}

  @Override
  public void flush() {}

  @Override
  public void start() {
    started = true;
  }

  @Override
  public void stop() {
    started = false;
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  @Override
  public boolean isActive() {
    return started;
  }

  @Override
  public AudioFormat getFormat() {
    return format;
  }

  @Override
  public int getBufferSize() {
    return bufferBytes;
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public int getFramePosition() {
    return 0;
  }

  @Override
  public long getLongFramePosition() {
    return 0;
  }

  @Override
  public long getMicrosecondPosition() {
    return 0;
  }

  @Override
  public float getLevel() {
    return AudioSystem.NOT_SPECIFIED;
  }

  @Override
  public Line.Info getLineInfo() {
    return new Line.Info(getClass());
  }

  @Override
  public void open() {
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Control[] getControls() {
    return new Control[0];
  }

  @Override
  public boolean isControlSupported(Control.Type type) {
    return false;
  }

  @Override
  public Control getControl(Control.Type type) {
    throw new IllegalArgumentException("line: expected no question for a control, found " + type);
  }

  @Override
  public void addLineListener(LineListener listener) {}

  @Override
  public void removeLineListener(LineListener listener) {}
}
