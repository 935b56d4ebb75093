/**
 * What both vocoders need first: linear magnitudes {@code [time, bins]} that have a given log-mel
 * spectrogram {@code [time, n_mels]}. Read {@link dev.spectron.vocoder.spectrum.MelInversion}.
 */
package dev.spectron.vocoder.spectrum;
