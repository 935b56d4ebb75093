package dev.spectron.training.vocoder;

import dev.spectron.core.error.TrainingException;

/**
 * Sizes of the multi-scale discriminator; 3, 16 and 1024 in MelGAN.
 *
 * @param scales discriminators, each on a signal of half the rate of the one before
 * @param channels after the first layer, a multiple of 4
 * @param maxChannels most channels of a layer, a multiple of {@code channels}
 */
public record DiscriminatorConfig(int scales, int channels, int maxChannels) {
  /** Checks the values. */
  public DiscriminatorConfig {
    require(scales >= 1 && scales <= 8, "scales", "1 to 8", scales);
    require(
        channels >= 4 && channels <= 1024 && channels % 4 == 0,
        "channels",
        "a multiple of 4 up to 1024",
        channels);
    require(
        maxChannels >= channels && maxChannels <= 8192 && maxChannels % channels == 0,
        "max_channels",
        "a multiple of channels up to 8192",
        maxChannels);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException(
          "recipe: adversary.config." + key + ": expected " + expected + ", found " + found);
    }
  }
}
