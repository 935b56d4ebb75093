/**
 * The speech encoder: a Conformer turns a log-mel spectrogram {@code [batch, time, n_mels]} into
 * encoder states {@code [batch, time / 4, d_model]}. Source: Gulati et al. 2020, arXiv 2005.08100.
 * Read {@link dev.spectron.conformer.ConformerEncoder} first.
 */
package dev.spectron.conformer;
