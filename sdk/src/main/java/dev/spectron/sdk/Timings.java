package dev.spectron.sdk;

/**
 * Wall-clock times of an answer, milliseconds.
 *
 * @param load opening the model; happened once, before the first question, and is in no other time
 * @param features resampling and log-mel spectrogram of the question
 * @param encode the speech encoder
 * @param prefill the language model over the speech prefix
 * @param text transcript and answer text
 * @param frames the answer's spectrogram
 * @param vocoder spectrogram to sound
 * @param total from question to answer: all of these but {@code load}
 * @param firstAudio from question to the first sample that can be played
 * @param realTimeFactor {@code total} over the duration of the answer; below 1 is faster than
 *     speech
 */
public record Timings(
    double load,
    double features,
    double encode,
    double prefill,
    double text,
    double frames,
    double vocoder,
    double total,
    double firstAudio,
    double realTimeFactor) {}
