package dev.spectron.training;

import dev.spectron.training.run.MetricsLog;

/**
 * A line of a run's {@code metrics.jsonl}.
 *
 * @param step steps taken in all stages
 * @param set {@code train} or {@code development}
 * @param task of the stage
 * @param rate learning rate
 * @param gradientNorm before clipping, 0 on the development set
 * @param losses means since the line before
 * @param tokenAccuracy share of tokens right when fed the truth, 0 on the training set
 * @param seconds since this process began
 */
public record Measurement(
    long step,
    String set,
    TrainingRecipe.Task task,
    double rate,
    double gradientNorm,
    Losses losses,
    double tokenAccuracy,
    double seconds)
    implements MetricsLog.Line {}
