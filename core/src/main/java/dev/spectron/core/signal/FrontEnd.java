package dev.spectron.core.signal;

/**
 * The ways to turn a waveform into what an encoder reads. All but the first belong to encoders that
 * were trained elsewhere and are kept exactly as these had them.
 */
public enum FrontEnd {
  /** ln(max(mel(|STFT|), floor)), frames centred, as {@link FeatureSpec} says. */
  SPECTRON,
  /**
   * Kaldi's log-mel features as w2v-BERT 2.0 has them: samples times 2^15, frames that lie within
   * the signal, mean of each frame removed, pre-emphasis 0.97, Povey window, power, triangles on
   * the mel scale 1127·ln(1 + f / 700); each bin normalised over the utterance.
   */
  KALDI,
  /**
   * Log-mel features as Parakeet has them: pre-emphasis 0.97 of the signal, symmetric Hann window
   * in the middle of the FFT frame, frames centred between zeros, power, Slaney's filters, ln(x +
   * floor); each bin normalised over the utterance.
   */
  PARAKEET,
  /** The samples, of zero mean and unit variance: one bin, a frame a sample. */
  WAVEFORM
}
