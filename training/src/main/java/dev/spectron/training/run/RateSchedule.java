package dev.spectron.training.run;

import dev.spectron.core.error.TrainingException;

/**
 * Learning rates of a run: a linear rise, then half a cosine.
 *
 * @param peakRate highest learning rate, above 0
 * @param warmupSteps steps of the rise, at least 0
 * @param finalShare learning rate at the end, share of the peak, 0 to 1
 * @param steps of the run, at least 1
 */
public record RateSchedule(double peakRate, int warmupSteps, double finalShare, long steps) {
  /** Checks the values. */
  public RateSchedule {
    require(steps >= 1, "steps", "at least 1", steps);
    require(peakRate > 0, "peak_rate", "above 0", peakRate);
    require(warmupSteps >= 0, "warmup_steps", "at least 0", warmupSteps);
    require(finalShare >= 0 && finalShare <= 1, "final_share", "0 to 1", finalShare);
  }

  /** Learning rate of one step, from 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      return peakRate * (step + 1) / warmupSteps;
    }
    double done = Math.min(1, (step - warmupSteps) / (double) Math.max(1, steps - warmupSteps));
    return peakRate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * done)));
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException("recipe: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
