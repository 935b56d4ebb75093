/**
 * The speech encoder: convolutional subsampling followed by Conformer blocks (Gulati et al. 2020),
 * from log-mel frames {@code [batch, time, n_mels]} to encoder states {@code [batch, time / factor,
 * d_model]}.
 */
package dev.spectron.conformer;
