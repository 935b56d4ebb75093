/**
 * WaveFit, the neural vocoder of Spectron: noise with the spectral envelope of the speech is
 * denoised in a few iterations of a fixed-point map, from log-mel {@code [batch, time, n_mels]} to
 * samples {@code [batch, time · hopLength, 1]}. Source: Koizumi et al. 2022, arXiv 2210.01029; the
 * generator is the base model of WaveGrad, arXiv 2009.00713. Read {@link
 * dev.spectron.vocoder.wavefit.WaveFit} first, then {@link dev.spectron.vocoder.wavefit.Generator};
 * {@link dev.spectron.vocoder.wavefit.WaveFitStream} is the same for frames that come bit by bit.
 */
package dev.spectron.vocoder.wavefit;
