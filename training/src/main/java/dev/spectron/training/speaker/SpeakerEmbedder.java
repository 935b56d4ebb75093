package dev.spectron.training.speaker;

import dev.spectron.core.signal.Waveform;

/**
 * Turns speech into a vector that says who speaks. Ours is {@link SpeakerModel}; the evaluation
 * takes any other.
 */
@FunctionalInterface
public interface SpeakerEmbedder {
  /**
   * Embeds one utterance.
   *
   * @param speech any rate
   * @return a vector of the embedder's size, not all zeros
   * @throws dev.spectron.core.error.AudioException if there is too little speech in it
   */
  float[] embed(Waveform speech);

  /**
   * How alike two speakers sound: the cosine of the angle between their embeddings, −1 to 1.
   *
   * @throws dev.spectron.core.error.AudioException if there is too little speech in one
   */
  default double similarity(Waveform a, Waveform b) {
    return cosine(embed(a), embed(b));
  }

  /** The cosine of the angle between two vectors of equal size. */
  static double cosine(float[] a, float[] b) {
    double product = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(lengthA * lengthB);
  }
}
