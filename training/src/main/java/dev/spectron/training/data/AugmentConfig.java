package dev.spectron.training.data;

/**
 * Disturbance of questions in training, in the log-mel domain.
 *
 * @param frequencyMasks SpecAugment frequency masks
 * @param frequencyMaskBins widest frequency mask
 * @param timeMasks SpecAugment time masks
 * @param timeMaskShare widest time mask, share of the length; 0.05 in the Conformer paper
 * @param timeMaskFrames widest time mask, frames
 * @param warp largest relative shift of the frequency axis, as of another vocal tract
 * @param stretch largest relative change of speed
 * @param tilt largest spectral tilt, nats from the lowest to the highest bin, as of another
 *     microphone
 * @param curve largest amplitude, nats, of each of three cosines over the frequency axis (1, 1½ and
 *     2 periods): a smooth envelope, as of another speaker
 * @param gain largest change of level, nats
 */
public record AugmentConfig(
    int frequencyMasks,
    int frequencyMaskBins,
    int timeMasks,
    double timeMaskShare,
    int timeMaskFrames,
    double warp,
    double stretch,
    double tilt,
    double curve,
    double gain) {
  /** Nothing is changed. */
  public static AugmentConfig none() {
    return new AugmentConfig(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Two frequency masks of at most 27 bins, ten time masks of at most 5 % and 40 frames: the values
   * of Gulati et al. 2020.
   */
  public static AugmentConfig specAugment() {
    return new AugmentConfig(2, 27, 10, 0.05, 40, 0, 0, 0, 0, 0);
  }
}
