package dev.spectron.training.vocoder;

/**
 * What a step measured, means over the iterations; 0 where there is none.
 *
 * @param total weighted sum that the vocoder's gradient is of
 * @param convergence spectral convergence
 * @param magnitude difference of log magnitudes, nats
 * @param logMel difference of log-mel spectrograms, nats
 * @param adversarial of the vocoder
 * @param featureMatching difference within the discriminator
 * @param discriminator loss of the discriminator
 */
public record VocoderLosses(
    double total,
    double convergence,
    double magnitude,
    double logMel,
    double adversarial,
    double featureMatching,
    double discriminator) {
  /** Nothing measured. */
  public static VocoderLosses zero() {
    return new VocoderLosses(0, 0, 0, 0, 0, 0, 0);
  }

  /** The sum, part by part. */
  VocoderLosses plus(VocoderLosses other) {
    return new VocoderLosses(
        total + other.total,
        convergence + other.convergence,
        magnitude + other.magnitude,
        logMel + other.logMel,
        adversarial + other.adversarial,
        featureMatching + other.featureMatching,
        discriminator + other.discriminator);
  }

  /** Each part times a factor. */
  VocoderLosses times(double factor) {
    return new VocoderLosses(
        total * factor,
        convergence * factor,
        magnitude * factor,
        logMel * factor,
        adversarial * factor,
        featureMatching * factor,
        discriminator * factor);
  }
}
