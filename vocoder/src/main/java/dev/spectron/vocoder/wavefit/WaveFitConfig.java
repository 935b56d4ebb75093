package dev.spectron.vocoder.wavefit;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import java.util.List;

/**
 * Sizes of a WaveFit vocoder. The one of Spectron is {@link #spectron()}.
 *
 * @param features the log-mel it was trained on; the factors of {@code upFactors} multiply to its
 *     {@code hop_length}, and its normalisation is that of the generator's input
 * @param iterations steps of the fixed-point map, 5 in Spectron
 * @param melChannels channels after the first convolution over the log-mel, 768 in the paper
 * @param waveChannels channels after the first convolution over the waveform, 32 in the paper, even
 * @param downChannels channels of each down-block, even, in the order from samples to frames; one
 *     fewer than {@code upFactors}, the factors being those of the up-blocks but the first,
 *     reversed
 * @param upFactors upsampling of each up-block, in the order from frames to samples
 * @param upChannels channels of each up-block
 * @param wideBlocks up-blocks, counted from the samples, with dilations 1, 2, 4, 8 in place of 1,
 *     2, 1, 2; 3 in the paper
 * @param lifterOrder cepstral coefficients that the envelope of the first noise keeps, 24 in the
 *     paper
 * @param phaseIterations iterations of Griffin–Lim that make the first waveform, 0 to 1000; 0 for
 *     shaped noise, as in the paper. Phases that nearly fit leave a small generator far less to do
 * @param polishIterations iterations of Griffin–Lim that the last waveform goes through, 0 to 1000;
 *     0 in the paper. They put right the mel values, which a small generator disturbs, and keep its
 *     phases and detail. Training does without them
 */
public record WaveFitConfig(
    FeatureSpec features,
    int iterations,
    int melChannels,
    int waveChannels,
    List<Integer> downChannels,
    List<Integer> upFactors,
    List<Integer> upChannels,
    int wideBlocks,
    int lifterOrder,
    int phaseIterations,
    int polishIterations) {
  /**
   * Checks the sizes.
   *
   * @throws BundleException if one is out of range
   */
  public WaveFitConfig {
    downChannels = List.copyOf(downChannels);
    upFactors = List.copyOf(upFactors);
    upChannels = List.copyOf(upChannels);
    int blocks = upFactors.size();
    require(iterations >= 1 && iterations <= 100, "iterations", "1 to 100", iterations);
    require(melChannels >= 1 && melChannels <= 8192, "mel_channels", "1 to 8192", melChannels);
    require(isEven(waveChannels), "wave_channels", "an even number up to 8192", waveChannels);
    require(blocks >= 1 && blocks <= 16, "up_factors", "1 to 16 factors", upFactors);
    require(
        upFactors.stream().allMatch(f -> f >= 1 && f <= 1024)
            && product(upFactors) == features.hopLength(),
        "up_factors",
        "factors of features.hop_length " + features.hopLength(),
        upFactors);
    require(
        upChannels.size() == blocks && upChannels.stream().allMatch(c -> c >= 1 && c <= 8192),
        "up_channels",
        "1 to 8192 channels for each of %d blocks".formatted(blocks),
        upChannels);
    require(
        downChannels.size() == blocks - 1 && downChannels.stream().allMatch(WaveFitConfig::isEven),
        "down_channels",
        "an even number up to 8192 for each of %d blocks".formatted(blocks - 1),
        downChannels);
    require(wideBlocks >= 0 && wideBlocks <= blocks, "wide_blocks", "0 to " + blocks, wideBlocks);
    require(
        lifterOrder >= 1 && lifterOrder <= features.nFft() / 2,
        "lifter_order",
        "1 to half of features.n_fft " + features.nFft(),
        lifterOrder);
    require(
        phaseIterations >= 0 && phaseIterations <= 1000,
        "phase_iterations",
        "0 to 1000",
        phaseIterations);
    require(
        polishIterations >= 0 && polishIterations <= 1000,
        "polish_iterations",
        "0 to 1000",
        polishIterations);
  }

  /**
   * WaveFit-5 for 16 kHz with hop 200: the channels of the paper, and its factors 5, 5, 3, 2, 2 for
   * hop 300 become 5, 5, 2, 2, 2.
   */
  public static WaveFitConfig spectron() {
    return new WaveFitConfig(
        FeatureSpec.spectron(),
        5,
        768,
        32,
        List.of(128, 128, 256, 512),
        List.of(5, 5, 2, 2, 2),
        List.of(512, 512, 256, 128, 128),
        3,
        24,
        0,
        0);
  }

  /**
   * WaveFit-1 between two runs of Griffin–Lim, with an eighth to a quarter of the channels: 764,433
   * parameters, most of the work where the rate is low.
   *
   * @param features with hop 200
   */
  public static WaveFitConfig mini(FeatureSpec features) {
    return new WaveFitConfig(
        features,
        1,
        192,
        16,
        List.of(32, 32, 64, 128),
        List.of(5, 5, 2, 2, 2),
        List.of(128, 64, 32, 32, 16),
        3,
        24,
        28,
        16);
  }

  /** The same sizes with another normalisation of the generator's input. */
  public WaveFitConfig withNormalisation(Normalisation normalisation) {
    return new WaveFitConfig(
        features.with(normalisation),
        iterations,
        melChannels,
        waveChannels,
        downChannels,
        upFactors,
        upChannels,
        wideBlocks,
        lifterOrder,
        phaseIterations,
        polishIterations);
  }

  /** Factors of the down-blocks, from samples to frames. */
  List<Integer> downFactors() {
    return upFactors.subList(1, upFactors.size()).reversed();
  }

  private static boolean isEven(int channels) {
    return channels >= 2 && channels <= 8192 && channels % 2 == 0;
  }

  private static long product(List<Integer> factors) {
    return factors.stream().mapToLong(f -> f).reduce(1, Math::multiplyExact);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new BundleException(
          "config.json: vocoder.wavefit." + key + ": expected " + expected + ", found " + found);
    }
  }
}
