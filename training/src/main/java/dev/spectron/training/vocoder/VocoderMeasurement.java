package dev.spectron.training.vocoder;

import dev.spectron.training.run.MetricsLog;

/**
 * A line of a vocoder run's {@code metrics.jsonl}.
 *
 * @param step steps taken
 * @param set {@code train} or {@code development}
 * @param rate learning rate of the vocoder
 * @param gradientNorm before clipping, 0 on the development set
 * @param losses means since the line before; on the development set, of the last iteration alone
 * @param seconds since this process began
 */
public record VocoderMeasurement(
    long step, String set, double rate, double gradientNorm, VocoderLosses losses, double seconds)
    implements MetricsLog.Line {}
