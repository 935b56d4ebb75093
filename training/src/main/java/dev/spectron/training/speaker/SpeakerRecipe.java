package dev.spectron.training.speaker;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.run.RateSchedule;
import java.util.List;

/**
 * A whole training run of a speaker encoder as a JSON file.
 *
 * @param encoder sizes
 * @param seed of initialisation and crops
 * @param threads threads of libtorch
 * @param steps optimiser steps
 * @param speakersPerBatch speakers of a batch, at least 2
 * @param cropsPerSpeaker crops of each, at least 2
 * @param fewestFrames least length of the crops of a batch, frames
 * @param mostFrames greatest length; a shorter clip is taken whole
 * @param speeds factors that recordings are played at, each another speaker, 0.5 to 2
 * @param variedShare how often a speaker who has both is heard in a varied clip, 0 to 1
 * @param augment how crops are disturbed
 * @param scale factor on the cosines, above 0
 * @param margin by which the right cosine is made smaller, 0 to 1
 * @param rates learning rates
 * @param weightDecay of the matrices
 * @param clip largest gradient norm
 * @param checkpointSeconds time between checkpoints
 * @param developmentBatches batches that each checkpoint measures
 */
public record SpeakerRecipe(
    SpeakerConfig encoder,
    long seed,
    int threads,
    long steps,
    int speakersPerBatch,
    int cropsPerSpeaker,
    int fewestFrames,
    int mostFrames,
    List<Double> speeds,
    double variedShare,
    SpeakerAugment augment,
    double scale,
    double margin,
    Rates rates,
    double weightDecay,
    double clip,
    int checkpointSeconds,
    int developmentBatches) {
  /** Checks the values and copies the list. */
  public SpeakerRecipe {
    speeds = List.copyOf(speeds);
    require(threads >= 1 && threads <= 1024, "threads", "1 to 1024", threads);
    require(
        speakersPerBatch >= 2 && speakersPerBatch <= 1024,
        "speakers_per_batch",
        "2 to 1024",
        speakersPerBatch);
    require(
        cropsPerSpeaker >= 2 && cropsPerSpeaker <= 16,
        "crops_per_speaker",
        "2 to 16",
        cropsPerSpeaker);
    require(
        fewestFrames >= 1 && fewestFrames <= mostFrames,
        "fewest_frames",
        "1 to most_frames " + mostFrames,
        fewestFrames);
    require(mostFrames <= 2000, "most_frames", "at most 2000", mostFrames);
    require(
        !speeds.isEmpty() && speeds.stream().allMatch(s -> s >= 0.5 && s <= 2),
        "speeds",
        "at least one, of 0.5 to 2",
        speeds);
    require(variedShare >= 0 && variedShare <= 1, "varied_share", "0 to 1", variedShare);
    require(scale > 0 && scale <= 1000, "scale", "above 0 to 1000", scale);
    require(margin >= 0 && margin <= 1, "margin", "0 to 1", margin);
    require(weightDecay >= 0, "weight_decay", "at least 0", weightDecay);
    require(clip > 0, "clip", "above 0", clip);
    require(checkpointSeconds >= 1, "checkpoint_seconds", "at least 1", checkpointSeconds);
    require(
        developmentBatches >= 1 && developmentBatches <= 1000,
        "development_batches",
        "1 to 1000",
        developmentBatches);
    rates.over(steps);
  }

  /**
   * Learning rates over the whole run.
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

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException("recipe: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
