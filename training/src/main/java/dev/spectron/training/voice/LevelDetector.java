package dev.spectron.training.voice;

/**
 * The obvious detector, to compare with: how many decibels a frame of 20 ms lies above the quiet,
 * which follows what is heard down at once and up slowly.
 */
final class LevelDetector {
  private static final double QUIETEST = -70; // dB below full scale
  private static final double MARGIN = 12;
  private static final double RISE_IN_SPEECH = 0.025; // dB a frame: 2.5 a second
  private static final double RISE_SHARE = 0.025; // of the way, else

  private final int hop;
  private double quiet = QUIETEST;
  private double before;

  LevelDetector(int hop) {
    this.hop = hop;
  }

  /** Decibels of the frame that ends with {@code samples[from + hop − 1]} above the quiet. */
  double next(float[] samples, int from) {
    double sum = 0;
    for (int i = from; i < from + hop; i++) {
      sum += (double) samples[i] * samples[i];
    }
    double level = 10 * Math.log10((before + sum) / (2 * hop) + 1e-10);
    before = sum;
    double above = level - quiet;
    quiet =
        above < 0
            ? Math.max(QUIETEST, level)
            : quiet + (above > MARGIN ? RISE_IN_SPEECH : RISE_SHARE * above);
    return above;
  }
}
