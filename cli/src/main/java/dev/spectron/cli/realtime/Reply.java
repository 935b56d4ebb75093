package dev.spectron.cli.realtime;

/**
 * How a question was answered. Times are milliseconds from the end of the question, when its last
 * tenth of a second was sent.
 *
 * @param firstText until the first words; {@code done} if there were none
 * @param firstAudio until the first sound; {@code done} if there was none
 * @param done until the last event
 * @param status {@code completed}, {@code incomplete}, {@code cancelled} or {@code failed}
 * @param text the words
 */
public record Reply(double firstText, double firstAudio, double done, String status, String text) {}
