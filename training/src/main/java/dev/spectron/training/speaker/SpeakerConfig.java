package dev.spectron.training.speaker;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.FeatureSpec;
import java.util.List;

/**
 * Sizes of a speaker encoder.
 *
 * @param features log-mel spectrogram; normalised by clip, so without statistics of its own
 * @param channels of each convolution
 * @param subsampling stride of the first convolution, 1 to 8
 * @param kernelSizes taps of each convolution, at least one of them
 * @param dilations of each convolution
 * @param pooledChannels channels whose mean and deviation are taken, a multiple of {@code
 *     poolHeads}
 * @param poolHeads heads of the attention that takes the mean; any number gives the same
 * @param embeddingDim size of an embedding
 */
public record SpeakerConfig(
    FeatureSpec features,
    int channels,
    int subsampling,
    List<Integer> kernelSizes,
    List<Integer> dilations,
    int pooledChannels,
    int poolHeads,
    int embeddingDim) {
  private static final int MOST_CHANNELS = 4096;

  /** Checks the values and copies the lists. */
  public SpeakerConfig {
    kernelSizes = List.copyOf(kernelSizes);
    dilations = List.copyOf(dilations);
    require(features.normalisation().changesNothing(), "features.normalisation", "none", "one");
    requireSize(channels, "channels");
    require(subsampling >= 1 && subsampling <= 8, "subsampling", "1 to 8", subsampling);
    require(
        !kernelSizes.isEmpty() && kernelSizes.size() <= 32 && inRange(kernelSizes),
        "kernel_sizes",
        "1 to 32 sizes of 1 to 64",
        kernelSizes);
    require(
        dilations.size() == kernelSizes.size() && inRange(dilations),
        "dilations",
        "one of 1 to 64 for each of the kernel_sizes",
        dilations);
    requireSize(pooledChannels, "pooled_channels");
    require(
        poolHeads >= 1 && pooledChannels % poolHeads == 0,
        "pool_heads",
        "a divisor of pooled_channels " + pooledChannels,
        poolHeads);
    requireSize(embeddingDim, "embedding_dim");
  }

  private static boolean inRange(List<Integer> sizes) {
    return sizes.stream().allMatch(size -> size >= 1 && size <= 64);
  }

  private static void requireSize(int size, String key) {
    require(size >= 1 && size <= MOST_CHANNELS, key, "1 to " + MOST_CHANNELS, size);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException(
          "speaker: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
