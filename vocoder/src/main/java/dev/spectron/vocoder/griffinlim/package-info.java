/**
 * The vocoder without weights: phases from the peaks of the spectrum, then fast Griffin–Lim. Read
 * {@link dev.spectron.vocoder.griffinlim.GriffinLimVocoder} first.
 */
package dev.spectron.vocoder.griffinlim;
