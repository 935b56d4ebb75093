package dev.spectron.training.corpus;

import java.util.List;

/**
 * A corpus for speech continuation: sentences spoken by many voices, each cut into a prompt and the
 * rest in the same voice. The same recipe gives the same bytes.
 *
 * @param seed seed of every draw
 * @param sentences in {@link DomainText} form, held-out ones too
 * @param renderings of each training sentence, 1 to 40; two thirds of them in human-derived voices
 * @param devSeen at most this many training sentences are rendered again for dev
 * @param promptSeconds length of the prompts; at most 60 % of an utterance
 * @param jobs renderers that run at once, at least 1; changes the time, never the result
 */
public record ContinuationRecipe(
    long seed,
    List<String> sentences,
    int renderings,
    int devSeen,
    double promptSeconds,
    int jobs) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range or there are no sentences
   */
  public ContinuationRecipe {
    sentences = List.copyOf(sentences);
    if (sentences.isEmpty()
        || renderings < 1
        || renderings > 40
        || devSeen < 0
        || !(promptSeconds >= 0.5 && promptSeconds <= 10)
        || jobs < 1
        || jobs > 256) {
      throw new IllegalArgumentException(
          "continuation recipe: expected sentences, 1 to 40 renderings, dev_seen of at least 0, prompts of 0.5 to 10 s and 1 to 256 jobs, found %d, %d, %d, %s and %d"
              .formatted(sentences.size(), renderings, devSeen, promptSeconds, jobs));
    }
  }

  /** The corpus of the embedded model of continuation. */
  public static ContinuationRecipe standard(long seed, int jobs) {
    return new ContinuationRecipe(seed, Sentences.mini(), 16, 30, 3, jobs);
  }
}
