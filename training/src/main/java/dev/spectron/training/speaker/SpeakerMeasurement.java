package dev.spectron.training.speaker;

import dev.spectron.training.run.MetricsLog;

/**
 * A line of a speaker encoder's {@code metrics.jsonl}.
 *
 * @param step steps taken
 * @param set {@code train} or {@code development}
 * @param rate learning rate
 * @param gradientNorm before clipping, of the last step; 0 on the development set
 * @param loss mean since the line before, nats
 * @param accuracy share of the embeddings nearest to their own speaker, mean since the line before
 * @param seconds since this process began
 */
public record SpeakerMeasurement(
    long step,
    String set,
    double rate,
    double gradientNorm,
    double loss,
    double accuracy,
    double seconds)
    implements MetricsLog.Line {}
