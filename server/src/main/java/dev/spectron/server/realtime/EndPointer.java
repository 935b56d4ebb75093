package dev.spectron.server.realtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds where speech begins and ends by its loudness. Frames of 20 ms that are so many decibels
 * above the quiet that was there before are speech: three of them begin it, the silence of {@link
 * TurnDetection} ends it. The quiet follows what is heard: down at once, up slowly, so that a noise
 * that stays is no speech for ever. Not safe for several threads.
 */
final class EndPointer {
  private static final double FRAME_SECONDS = 0.02;
  private static final int FRAMES_TO_BEGIN = 3;
  private static final double QUIETEST = -70; // dB below full scale
  private static final double RISE_PER_FRAME = 0.05; // dB while speech is heard: 2.5 a second

  private final int frameSamples;
  private final double margin;
  private final double least;
  private final int framesToEnd;
  private double quiet = QUIETEST;
  private double energy;
  private int inFrame;
  private long samples;
  private int loudFrames;
  private int quietFrames;
  private boolean speaking;

  /**
   * A change from silence to speech or back.
   *
   * @param begins whether speech begins
   * @param sample where, counted from the first sample ever given
   */
  record Edge(boolean begins, long sample) {}

  EndPointer(TurnDetection detection, int rate) {
    this.frameSamples = (int) (rate * FRAME_SECONDS);
    this.margin = 6 + 12 * detection.threshold();
    this.least = -60 + 20 * detection.threshold();
    this.framesToEnd = (int) Math.ceil(detection.silenceDurationMs() / (1000 * FRAME_SECONDS));
  }

  /** Whether the last edge was a beginning. */
  boolean isSpeaking() {
    return speaking;
  }

  /** Silence from here on. */
  void reset() {
    speaking = false;
    loudFrames = 0;
    quietFrames = 0;
  }

  /** The edges in the sound that comes next. */
  List<Edge> hear(float[] sound) {
    List<Edge> edges = new ArrayList<>();
    for (float sample : sound) {
      energy += (double) sample * sample;
      inFrame++;
      samples++;
      if (inFrame == frameSamples) {
        frame(10 * Math.log10(energy / frameSamples + 1e-10), edges);
        energy = 0;
        inFrame = 0;
      }
    }
    return edges;
  }

  private void frame(double level, List<Edge> edges) {
    boolean loud = level > Math.max(least, quiet + margin);
    quiet =
        level < quiet
            ? Math.max(QUIETEST, level)
            : quiet + (loud ? RISE_PER_FRAME : 0.05 * (level - quiet));
    loudFrames = loud ? loudFrames + 1 : 0;
    quietFrames = loud ? 0 : quietFrames + 1;
    if (!speaking && loudFrames >= FRAMES_TO_BEGIN) {
      speaking = true;
      edges.add(new Edge(true, samples - (long) FRAMES_TO_BEGIN * frameSamples));
    } else if (speaking && quietFrames >= framesToEnd) {
      speaking = false;
      edges.add(new Edge(false, samples));
    }
  }
}
