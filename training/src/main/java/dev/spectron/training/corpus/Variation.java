package dev.spectron.training.corpus;

import java.util.SplittableRandom;

/**
 * How one clip differs from the plain rendering of its voice.
 *
 * @param rate speaking rate, 1 is the voice's own; 0.85 to 1.2, hard 0.72 to 1.4
 * @param pitch factor on the fundamental frequency; 0.85 to 1.15
 * @param tract factor on all formant frequencies; 0.9 to 1.12
 * @param gainDb level against the common level, dB; −6 to 6, hard −14 to 8
 * @param leadSeconds silence before the speech, seconds; 0 to 0.4, hard 0 to 1.3
 * @param condition what else happens to the sound
 * @param seed seed of the noise or the room
 */
public record Variation(
    double rate,
    double pitch,
    double tract,
    double gainDb,
    double leadSeconds,
    Condition condition,
    long seed) {
  private static final Condition[] DISTURBED = {Condition.NOISE, Condition.ROOM, Condition.BAND};
  private static final Condition[] HARD = {
    Condition.CLEAN,
    Condition.HEAVY_NOISE,
    Condition.HEAVY_NOISE,
    Condition.ROOM,
    Condition.BAND,
    Condition.CLIPPED
  };

  /** Draws a variation; half of them are {@link Condition#CLEAN}. */
  static Variation draw(SplittableRandom random) {
    double rate = random.nextDouble(0.85, 1.2);
    double pitch = random.nextDouble(0.85, 1.15);
    double tract = random.nextDouble(0.9, 1.12);
    double gainDb = random.nextDouble(-6, 6);
    double leadSeconds = random.nextDouble(0, 0.4);
    Condition condition =
        random.nextBoolean() ? Condition.CLEAN : DISTURBED[random.nextInt(DISTURBED.length)];
    return new Variation(rate, pitch, tract, gainDb, leadSeconds, condition, random.nextLong());
  }

  /** Draws a variation of the voice alone, for speech that is a target too. */
  static Variation drawVoice(SplittableRandom random) {
    return new Variation(
        random.nextDouble(0.9, 1.15),
        random.nextDouble(0.85, 1.15),
        random.nextDouble(0.9, 1.12),
        0,
        0,
        Condition.CLEAN,
        random.nextLong());
  }

  /** Draws a hard variation: quick and slow, late, faint, and mostly disturbed. */
  static Variation drawHard(SplittableRandom random) {
    return new Variation(
        random.nextDouble(0.72, 1.4),
        random.nextDouble(0.85, 1.15),
        random.nextDouble(0.9, 1.12),
        random.nextDouble(-14, 8),
        random.nextDouble(0, 1.3),
        HARD[random.nextInt(HARD.length)],
        random.nextLong());
  }

  /**
   * Rate that the synthesizer has to speak at, as {@link ClipShaper} then plays the sound {@link
   * #tract} times faster to move the formants.
   */
  double synthesizedRate() {
    return rate / tract;
  }

  /** Pitch factor that the synthesizer has to speak at, for the same reason. */
  double synthesizedPitch() {
    return pitch / tract;
  }
}
