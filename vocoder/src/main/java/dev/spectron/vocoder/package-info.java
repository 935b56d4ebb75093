/**
 * From log-mel frames {@code [time, n_mels]} to {@code time · hopLength} samples: a neural vocoder
 * (WaveFit) and an algorithmic one (Griffin–Lim) behind one interface. Read {@link
 * dev.spectron.vocoder.Vocoder} first; {@link dev.spectron.vocoder.Vocoders} is the list of them.
 */
package dev.spectron.vocoder;
