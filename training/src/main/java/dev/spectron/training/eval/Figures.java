package dev.spectron.training.eval;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What was measured on a set of items.
 *
 * <p>An answer text is right if it holds the decisive words of the right answer between their right
 * neighbours, a sentence boundary counting as a word: {@code the capital of spain is paris} answers
 * what the capital of France is, but {@code twenty five} is not {@code five}, and {@code ten minus
 * five is six} does not answer with its {@code five}. That is harder than to hold the words
 * anywhere and easier than {@code sentence}.
 *
 * @param items number of items
 * @param transcript transcripts that are right word for word
 * @param transcriptWords word errors of the transcripts
 * @param answer answer texts that are right
 * @param sentence answer texts that are right word for word
 * @param stopped answers that ended by the stop rule
 * @param lengthRatio duration of the model's speech over that of the reference
 * @param logMelDistance mean absolute difference of log-mel values after time warping, natural
 *     logarithms
 * @param realTimeFactor time of the whole answer over the duration of its speech
 * @param mostFrequent baseline: the most frequent short answer of the category
 * @param spoken one element, or none if nothing was judged
 */
public record Figures(
    int items,
    Share transcript,
    WordErrors transcriptWords,
    Share answer,
    Share sentence,
    Share stopped,
    Distribution lengthRatio,
    Distribution logMelDistance,
    Distribution realTimeFactor,
    Share mostFrequent,
    List<SpokenFigures> spoken) {
  /** Copies the list. */
  public Figures {
    spoken = List.copyOf(spoken);
  }

  public static Figures of(List<EvaluatedItem> items) {
    List<EvaluatedItem> judged = items.stream().filter(item -> !item.heard().isEmpty()).toList();
    return new Figures(
        items.size(),
        share(items, EvaluatedItem::transcriptExact),
        items.stream()
            .map(item -> WordErrors.between(item.question(), item.transcript()))
            .reduce(WordErrors.NONE, WordErrors::plus),
        share(items, EvaluatedItem::textRight),
        share(items, EvaluatedItem::sentenceExact),
        share(items, EvaluatedItem::stopped),
        distribution(items, EvaluatedItem::lengthRatio),
        distribution(items, EvaluatedItem::logMelDistance),
        distribution(items, EvaluatedItem::realTimeFactor),
        share(items, item -> item.mostFrequent().equals(item.shortAnswer())),
        judged.isEmpty() ? List.of() : List.of(SpokenFigures.of(judged)));
  }

  static Share share(List<EvaluatedItem> items, Predicate<EvaluatedItem> right) {
    return new Share((int) items.stream().filter(right).count(), items.size());
  }

  private static Distribution distribution(
      List<EvaluatedItem> items, ToDoubleFunction<EvaluatedItem> value) {
    return Distribution.of(items.stream().mapToDouble(value).toArray());
  }
}
