package dev.spectron.training.vocoder;

/**
 * Crops of speech and what a vocoder is given for each.
 *
 * @param speech row-major {@code [batch, samples, 1]}
 * @param first waveform to begin with, as {@code speech}
 * @param frames normalised log-mel, row-major {@code [batch, time, n_mels]}
 * @param power mean power of each frame, row-major {@code [batch, time]}
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record VocoderBatch(float[] speech, float[] first, float[] frames, float[] power) {}
