/**
 * Who speaks: an encoder of speakers for the evaluation, its training on pairs of crops, and the
 * verification trials that say how far it may be trusted. In: speech of any length; out: a unit
 * vector whose cosine with another's says whether both are of one speaker. Read {@link
 * dev.spectron.training.speaker.SpeakerEncoder} first, {@link
 * dev.spectron.training.speaker.SpeakerEmbedder} to put another encoder in its place.
 */
package dev.spectron.training.speaker;
