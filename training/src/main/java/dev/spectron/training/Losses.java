package dev.spectron.training;

import dev.spectron.core.bundle.IfAbsent;

/**
 * What a step measured; 0 where a stage has no such loss.
 *
 * @param total weighted sum that was differentiated
 * @param text cross-entropy of the text, nats a token
 * @param reconstruction spectrogram loss
 * @param stop stop loss
 * @param ctc CTC loss of the encoder, nats a letter
 * @param prefixCtc CTC loss of the speech prefix, nats a token
 * @param frames the part of the spectrogram loss that has no differences: every recipe has it
 */
public record Losses(
    double total,
    double text,
    double reconstruction,
    double stop,
    double ctc,
    double prefixCtc,
    @IfAbsent("0") double frames) {
  /** As many numbers as there are losses. */
  static Losses of(double... values) {
    return new Losses(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
  }

  double[] values() {
    return new double[] {total, text, reconstruction, stop, ctc, prefixCtc, frames};
  }
}
