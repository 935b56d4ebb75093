/**
 * The two signals between stages, {@link dev.spectron.core.signal.Waveform} and {@link
 * dev.spectron.core.signal.LogMel}, and the transforms between them that both ends of the chain
 * need: FFT, STFT and its inverse, mel filter bank, and the buffer of frames that a stream holds.
 */
package dev.spectron.core.signal;
