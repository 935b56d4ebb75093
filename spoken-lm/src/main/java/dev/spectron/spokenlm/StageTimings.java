package dev.spectron.spokenlm;

/**
 * Wall-clock time of each stage of one answer, milliseconds.
 *
 * @param features resampling and log-mel spectrogram of the question
 * @param encode Conformer and projection
 * @param prefill the decoder over the speech prefix
 * @param text transcript and answer text
 * @param frames the answer's frames
 * @param vocoder frames to sound; where that happens beside the decoder, what was waited for
 */
public record StageTimings(
    double features, double encode, double prefill, double text, double frames, double vocoder) {
  /** Sum over the stages, milliseconds. */
  public double total() {
    return features + encode + prefill + text + frames + vocoder;
  }
}
