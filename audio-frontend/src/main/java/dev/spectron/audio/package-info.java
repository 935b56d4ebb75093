/**
 * Sound becomes features here: a sound file is read into a waveform, resampled to the rate of the
 * model, and cut into log-mel frames.
 */
package dev.spectron.audio;
