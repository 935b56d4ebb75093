/**
 * The small networks between speech and language model: the speech projection turns encoder states
 * into the speech prefix, the pre-net turns a frame into a decoder input, the post-net turns a
 * decoder state into a frame.
 */
package dev.spectron.nets;
