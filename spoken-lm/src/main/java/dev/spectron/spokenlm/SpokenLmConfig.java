package dev.spectron.spokenlm;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.lm.LmConfig;
import dev.spectron.nets.NetsConfig;

/**
 * All sizes of a spoken language model, checked against each other.
 *
 * @param inputFeatures log-mel spectrogram of the question
 * @param outputFeatures log-mel spectrogram of the answer
 * @param conformer the speech encoder
 * @param nets projection, pre-net, post-net
 * @param lm the language model
 * @param decoding layout and limits of the decoding pass
 */
public record SpokenLmConfig(
    FeatureSpec inputFeatures,
    FeatureSpec outputFeatures,
    ConformerConfig conformer,
    NetsConfig nets,
    LmConfig lm,
    DecodingConfig decoding) {
  /**
   * Checks that the stages fit each other.
   *
   * @throws BundleException if two sizes disagree; the message names both keys
   */
  public SpokenLmConfig {
    requireEqual(
        "conformer.n_mels", conformer.nMels(), "input_features.n_mels", inputFeatures.nMels());
    requireEqual("nets.encoder_dim", nets.encoderDim(), "conformer.d_model", conformer.dModel());
    requireEqual("nets.d_model", nets.dModel(), "lm.d_model", lm.dModel());
    requireEqual("nets.n_mels", nets.nMels(), "output_features.n_mels", outputFeatures.nMels());
  }

  /**
   * The same sizes with other features, such as those normalised by a training set's statistics.
   */
  public SpokenLmConfig withFeatures(FeatureSpec input, FeatureSpec output) {
    return new SpokenLmConfig(input, output, conformer, nets, lm, decoding);
  }

  /** The same sizes for a tokenizer of another size. */
  public SpokenLmConfig withVocabulary(int vocabulary) {
    return new SpokenLmConfig(
        inputFeatures, outputFeatures, conformer, nets, lm.withVocabulary(vocabulary), decoding);
  }

  /** The same sizes with another layout of the decoding pass. */
  public SpokenLmConfig withDecoding(DecodingConfig other) {
    return new SpokenLmConfig(inputFeatures, outputFeatures, conformer, nets, lm, other);
  }

  /** The same sizes with another number of frames a decoding step. */
  public SpokenLmConfig withReductionFactor(int frames) {
    return new SpokenLmConfig(
        inputFeatures, outputFeatures, conformer, nets.withReductionFactor(frames), lm, decoding);
  }

  /** The same sizes with another way to encode long questions. */
  public SpokenLmConfig withLongAudio(LongAudioConfig other) {
    return new SpokenLmConfig(
        inputFeatures, outputFeatures, conformer.withLongAudio(other), nets, lm, decoding);
  }

  /** The same sizes with another bottleneck of the pre-net. */
  public SpokenLmConfig withPreNetBottleneck(int channels) {
    return new SpokenLmConfig(
        inputFeatures,
        outputFeatures,
        conformer,
        nets.withPreNetBottleneck(channels),
        lm,
        decoding);
  }

  private static void requireEqual(String key, int value, String otherKey, int other) {
    if (value != other) {
      throw new BundleException(
          "config.json: %s: expected the value of %s, %d, found %d"
              .formatted(key, otherKey, other, value));
    }
  }
}
