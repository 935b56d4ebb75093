package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.List;
import java.util.Locale;

/**
 * One sentence to render and to cut in two.
 *
 * @param id name in the manifest
 * @param sentence in {@link DomainText} form, at least two words
 */
record PlannedUtterance(String id, Split split, String sentence, Voice voice, Variation variation) {
  /** A short utterance is cut earlier, so that there is always something to say. */
  private static final double LARGEST_PROMPT = 0.6;

  PlannedUtterance {
    Voices.admit(split, voice);
    if (split == Split.TRAIN && Sentences.isHeldOut(sentence)) {
      throw new TrainingException(
          "split: expected a training sentence, found the held-out \"" + sentence + "\"");
    }
  }

  String key() {
    return Sentences.key(sentence);
  }

  boolean heldOut() {
    return Sentences.isHeldOut(sentence);
  }

  Utterance utterance() {
    String spoken = sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1) + ".";
    return new Utterance(voice, spoken, variation.synthesizedRate(), variation.synthesizedPitch());
  }

  /** Where an utterance is cut. */
  int promptSamples(int samples, double promptSeconds) {
    return (int) Math.min(promptSeconds * ClipShaper.SAMPLE_RATE, LARGEST_PROMPT * samples);
  }

  /**
   * Words of the prompt, taken as if every letter lasted as long: the synthesizers tell no times.
   * Training needs no exact split, since the whole sentence is to be written either way.
   *
   * @param share of the utterance's samples, above 0, below 1
   * @return at least 1, fewer than the sentence has
   */
  int promptWords(double share) {
    List<String> words = words();
    double end = share * sentence.length();
    int count = 0;
    int letters = 0;
    while (count < words.size() && letters + words.get(count).length() / 2.0 <= end) {
      letters += words.get(count).length() + 1;
      count++;
    }
    return Math.clamp(count, 1, words.size() - 1);
  }

  String text(int from) {
    return text(from, words().size());
  }

  String text(int from, int to) {
    return String.join(" ", words().subList(from, to));
  }

  private List<String> words() {
    return List.of(sentence.split(" "));
  }
}
