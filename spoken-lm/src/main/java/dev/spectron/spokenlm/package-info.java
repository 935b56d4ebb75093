/**
 * The stages wired to one model: a spoken question goes in, a transcript, an answer text and the
 * frames of the spoken answer come out. Training uses the same wiring with teacher forcing.
 */
package dev.spectron.spokenlm;
