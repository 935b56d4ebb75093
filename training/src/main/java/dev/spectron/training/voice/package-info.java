/** Measures how well speech is told from noise: real recordings under noise of several kinds. */
package dev.spectron.training.voice;
