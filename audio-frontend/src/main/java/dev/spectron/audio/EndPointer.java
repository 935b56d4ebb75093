package dev.spectron.audio;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds where utterances begin and end in a stream. A few frames of speech on end begin one;
 * silence ends it, in which fewer frames of speech than that do not count. Not safe for several
 * threads.
 */
public final class EndPointer {
  private final VoiceDetector detector;
  private final double threshold;
  private final int framesToBegin;
  private final int framesToEnd;
  private final float[] held;
  private int inHeld;
  private long frames;
  private int run;
  private int silence;
  private boolean speaking;

  /**
   * A change from silence to speech or back.
   *
   * @param begins whether speech begins
   * @param sample where, counted from the first sample ever given: of a beginning, where the first
   *     frame of speech began; of an end, where the silence was long enough
   */
  public record Edge(boolean begins, long sample) {}

  /**
   * Of a stream that has not begun.
   *
   * @param rate at least {@link VoiceDetector#LEAST_RATE}
   */
  public EndPointer(EndPointing pointing, int rate) {
    this.detector = new VoiceDetector(rate);
    this.threshold = pointing.threshold();
    this.framesToBegin = frames(pointing.beginMilliseconds());
    this.framesToEnd = frames(pointing.silenceMilliseconds());
    this.held = new float[detector.hop()];
  }

  private static int frames(int milliseconds) {
    return (int) Math.ceil(milliseconds / (1000 * VoiceDetector.HOP_SECONDS));
  }

  /** Whether the last edge was a beginning. */
  public boolean isSpeaking() {
    return speaking;
  }

  /** Frames of speech on end, up to now; 0 if the last one was silent. */
  public int run() {
    return run;
  }

  /** Silence from here on; what is known of the noise stays. */
  public void reset() {
    speaking = false;
    run = 0;
    silence = 0;
  }

  /** The edges in the sound that comes next. */
  public List<Edge> hear(float[] sound) {
    List<Edge> edges = new ArrayList<>();
    int at = 0;
    while (at < sound.length) {
      int taken = Math.min(held.length - inHeld, sound.length - at);
      System.arraycopy(sound, at, held, inHeld, taken);
      inHeld += taken;
      at += taken;
      if (inHeld == held.length) {
        inHeld = 0;
        frame(detector.next(held, 0) > threshold, edges);
      }
    }
    return edges;
  }

  private void frame(boolean speech, List<Edge> edges) {
    frames++;
    run = speech ? run + 1 : 0;
    silence = run >= framesToBegin ? 0 : silence + 1;
    if (!speaking && run >= framesToBegin) {
      speaking = true;
      edges.add(new Edge(true, Math.max(0, frames - run - 1) * held.length));
    } else if (speaking && silence >= framesToEnd) {
      speaking = false;
      edges.add(new Edge(false, frames * held.length));
    }
  }
}
