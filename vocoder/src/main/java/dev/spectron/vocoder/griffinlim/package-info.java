/**
 * The vocoder without weights: phases from the peaks of the spectrum, then fast Griffin–Lim. Read
 * {@link dev.spectron.vocoder.griffinlim.GriffinLimVocoder} first; {@link
 * dev.spectron.vocoder.griffinlim.GriffinLimBlocks} is the same for frames that come bit by bit.
 */
package dev.spectron.vocoder.griffinlim;
