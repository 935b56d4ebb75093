/**
 * The small networks that tie speech to the language model: {@link
 * dev.spectron.nets.SpeechProjection} makes the speech prefix, {@link dev.spectron.nets.PreNet}
 * feeds frames to the decoder, {@link dev.spectron.nets.PostNet} reads frames back. Read {@link
 * dev.spectron.nets.NetsConfig} first.
 */
package dev.spectron.nets;
