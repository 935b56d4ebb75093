package dev.spectron.training.eval.suite;

import dev.spectron.core.signal.Waveform;

/** How alike two voices are. */
@FunctionalInterface
public interface SpeakerSimilarity {
  /**
   * Compares two voices, whatever they say.
   *
   * @param first any rate, at least one sample
   * @param second any rate, at least one sample
   * @return cosine of their embeddings, −1 to 1
   */
  double between(Waveform first, Waveform second);
}
