/**
 * Pictures of sound, as PNG files: spectrograms above each other on one time axis. In: log-mel
 * values {@code [time, bins]}. Read {@link dev.spectron.training.plot.SpectrogramImage} first.
 */
package dev.spectron.training.plot;
