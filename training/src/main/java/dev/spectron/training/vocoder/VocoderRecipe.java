package dev.spectron.training.vocoder;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.loss.StftLoss;
import dev.spectron.training.run.RateSchedule;
import dev.spectron.vocoder.wavefit.WaveFitConfig;

/**
 * A whole training run of a vocoder as a JSON file.
 *
 * @param wavefit sizes; the normalisation of its features is measured when the run begins
 * @param seed of initialisation, crops and noise
 * @param threads threads of libtorch
 * @param steps optimiser steps
 * @param batchSize crops of a batch
 * @param cropFrames frames of a crop
 * @param generator learning rates of the vocoder
 * @param adversary the discriminator and when it joins in
 * @param losses factors of the losses
 * @param clip largest gradient norm, of each of the two
 * @param checkpointSeconds time between checkpoints
 * @param developmentClips clips of the development set that each checkpoint synthesizes
 */
public record VocoderRecipe(
    WaveFitConfig wavefit,
    long seed,
    int threads,
    long steps,
    int batchSize,
    int cropFrames,
    Rates generator,
    Adversary adversary,
    LossWeights losses,
    double clip,
    int checkpointSeconds,
    int developmentClips) {
  /** Checks the values. */
  public VocoderRecipe {
    require(threads >= 1 && threads <= 1024, "threads", "1 to 1024", threads);
    require(batchSize >= 1 && batchSize <= 4096, "batch_size", "1 to 4096", batchSize);
    require(
        (long) cropFrames * wavefit.features().hopLength() >= fewestSamples(wavefit)
            && cropFrames <= 10_000,
        "crop_frames",
        "at least %d samples, at most 10000 frames".formatted(fewestSamples(wavefit)),
        cropFrames);
    require(clip > 0, "clip", "above 0", clip);
    require(checkpointSeconds >= 1, "checkpoint_seconds", "at least 1", checkpointSeconds);
    require(
        developmentClips >= 1 && developmentClips <= 1000,
        "development_clips",
        "1 to 1000",
        developmentClips);
    generator.over(steps);
    adversary.rates().over(steps);
  }

  /**
   * Learning rates of one optimiser over the whole run.
   *
   * @param peakRate highest
   * @param warmupSteps steps of linear rise
   * @param finalShare share of the peak at the end; a half cosine leads there
   */
  public record Rates(double peakRate, int warmupSteps, double finalShare) {
    RateSchedule over(long steps) {
      return new RateSchedule(peakRate, warmupSteps, finalShare, steps);
    }
  }

  /**
   * The discriminator.
   *
   * @param fromStep first step that has one; at least {@code steps} for a vocoder of spectral
   *     losses alone
   * @param config its sizes
   * @param rates its learning rates
   */
  public record Adversary(long fromStep, DiscriminatorConfig config, Rates rates) {
    /** Checks the values. */
    public Adversary {
      require(fromStep >= 0, "adversary.from_step", "at least 0", fromStep);
    }
  }

  /**
   * Factors of the losses; 1, 10, 2.5, 2.5 and 0 in the open implementation of the paper.
   *
   * @param adversarial of the discriminator's verdict
   * @param featureMatching of the difference within the discriminator
   * @param spectralConvergence of the multi-resolution STFT
   * @param logMagnitude of the multi-resolution STFT
   * @param logMel of the log-mel spectrogram the vocoder is given
   */
  public record LossWeights(
      double adversarial,
      double featureMatching,
      double spectralConvergence,
      double logMagnitude,
      double logMel) {}

  private static int fewestSamples(WaveFitConfig wavefit) {
    return Math.max(StftLoss.fewestSamples(), wavefit.features().nFft() / 2 + 1);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException("recipe: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
