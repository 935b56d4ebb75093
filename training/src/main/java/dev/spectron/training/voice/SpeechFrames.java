package dev.spectron.training.voice;

import java.util.Arrays;

/**
 * Which frames of a clean recording are speech, by their level: speech is at most 25 dB below the
 * loud frames, silence more than 40 dB below them and 50 ms away from anything louder. What lies
 * between is neither and not counted: nobody could say.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SpeechFrames(Kind[] frames, double speechPower) {
  private static final double SPEECH_DB = -25;
  private static final double SILENCE_DB = -40;
  private static final double LOUD_SHARE = 0.95;
  private static final int GUARD_FRAMES = 5;

  /** What a frame is. */
  enum Kind {
    SPEECH,
    SILENCE,
    UNSURE
  }

  /**
   * Of a recording.
   *
   * @param hop samples of a frame's step; frame n ends with sample (n + 1)·hop and has two of them
   */
  static SpeechFrames of(float[] clean, int hop) {
    double[] level = new double[clean.length / hop];
    for (int n = 0; n < level.length; n++) {
      int from = Math.max(0, (n - 1) * hop);
      int to = (n + 1) * hop;
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += (double) clean[i] * clean[i];
      }
      level[n] = 10 * Math.log10(sum / (to - from) + 1e-10);
    }
    double[] sorted = level.clone();
    Arrays.sort(sorted);
    double loud = sorted[(int) (LOUD_SHARE * (sorted.length - 1))];
    double silence = loud + SILENCE_DB;
    Kind[] kinds = new Kind[level.length];
    double power = 0;
    int speech = 0;
    for (int n = 0; n < kinds.length; n++) {
      if (level[n] >= loud + SPEECH_DB) {
        kinds[n] = Kind.SPEECH;
        power += Math.pow(10, level[n] / 10);
        speech++;
      } else {
        kinds[n] = isQuietAround(level, n, silence) ? Kind.SILENCE : Kind.UNSURE;
      }
    }
    return new SpeechFrames(kinds, power / Math.max(1, speech));
  }

  private static boolean isQuietAround(double[] level, int n, double silence) {
    int to = Math.min(level.length - 1, n + GUARD_FRAMES);
    for (int i = Math.max(0, n - GUARD_FRAMES); i <= to; i++) {
      if (level[i] >= silence) {
        return false;
      }
    }
    return true;
  }
}
