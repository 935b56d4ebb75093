/**
 * From log-mel frames {@code [time, n_mels]} to samples: a neural vocoder (WaveFit) and an
 * algorithmic one (Griffin-Lim) behind one interface.
 */
package dev.spectron.vocoder;
