package dev.spectron.training.speaker;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.training.data.AugmentConfig;
import java.util.random.RandomGenerator;

/**
 * How crops are disturbed, so that what they share is the speaker and not the recording.
 *
 * @param noiseShare share of the crops with noise, 0 to 1
 * @param quietestNoise level of the noise against the speech, dB
 * @param loudestNoise the same, at least {@code quietestNoise}
 * @param masks SpecAugment on the centred frames; the other disturbances of it would change who
 *     speaks, or are taken away with the mean
 */
public record SpeakerAugment(
    double noiseShare, double quietestNoise, double loudestNoise, AugmentConfig masks) {
  private static final double STEEPEST_TILT = 1.5; // nats from the middle bin to the outermost

  /** Checks the values. */
  public SpeakerAugment {
    require(noiseShare >= 0 && noiseShare <= 1, "noise_share", "0 to 1", noiseShare);
    require(
        quietestNoise >= -100 && quietestNoise <= loudestNoise && loudestNoise <= 40,
        "quietest_noise",
        "-100 dB to loudest_noise, and that at most 40 dB",
        quietestNoise);
    require(
        masks.warp() == 0
            && masks.stretch() == 0
            && masks.tilt() == 0
            && masks.curve() == 0
            && masks.gain() == 0,
        "masks",
        "masks alone",
        masks);
  }

  /** Nothing is changed. */
  static SpeakerAugment none() {
    return new SpeakerAugment(0, 0, 0, AugmentConfig.none());
  }

  /**
   * Adds the power of stationary coloured noise, exponentially distributed in each frame and bin.
   *
   * @param speech raw, {@code [time, n_mels]}
   */
  LogMel addNoise(LogMel speech, RandomGenerator random) {
    if (noiseShare == 0 || random.nextDouble() >= noiseShare) {
      return speech;
    }
    float[] values = speech.frames().clone();
    double power = 0;
    for (float value : values) {
      power += Math.exp(2 * value) / values.length;
    }
    double decibels = quietestNoise + random.nextDouble() * (loudestNoise - quietestNoise);
    double tilt = (2 * random.nextDouble() - 1) * STEEPEST_TILT;
    int nMels = speech.spec().nMels();
    double[] noise = new double[nMels];
    for (int bin = 0; bin < nMels; bin++) {
      double colour = Math.exp(2 * tilt * (2 * bin / (nMels - 1.0) - 1));
      noise[bin] = power * colour * Math.pow(10, decibels / 10);
    }
    for (int i = 0; i < values.length; i++) {
      double drawn = noise[i % nMels] * -Math.log1p(-random.nextDouble());
      values[i] = (float) (0.5 * Math.log(Math.exp(2 * values[i]) + drawn));
    }
    return new LogMel(values, speech.spec());
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException(
          "recipe: augment." + key + ": expected " + expected + ", found " + found);
    }
  }
}
