package dev.spectron.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * What the judge, a recogniser with a language model of the domain, says of a set of items. It
 * counts speech as right if the decisive words of the right answer are recognised, between their
 * right neighbours.
 *
 * @param answer the model's spoken answers
 * @param answerWords the model's speech against the model's own text
 * @param reference ceiling: the synthesizer's rendering of the right answers
 * @param referenceWords the same, against its text
 * @param vocoded ceiling: that rendering through the model's log-mel spectrogram and vocoder
 * @param vocodedWords the same, against its text
 * @param mismatched control: the rendering against the answer to another question of its category,
 *     one with another short answer; should be near 0
 * @param despiteText control: the spoken answers among those whose text is wrong; large where the
 *     judge's language model repairs wrong answers
 * @param cascade baseline: the recogniser on the question, then the table of all right answers
 */
public record SpokenFigures(
    Share answer,
    WordErrors answerWords,
    Share reference,
    WordErrors referenceWords,
    Share vocoded,
    WordErrors vocodedWords,
    Share mismatched,
    Share despiteText,
    Share cascade) {
  static SpokenFigures of(List<EvaluatedItem> judged) {
    List<EvaluatedItem> wrongText = judged.stream().filter(item -> !item.textRight()).toList();
    return new SpokenFigures(
        share(judged, Heard::answer),
        words(judged, EvaluatedItem::text, Heard::answer),
        share(judged, Heard::reference),
        words(judged, EvaluatedItem::answer, Heard::reference),
        share(judged, Heard::vocoded),
        words(judged, EvaluatedItem::answer, Heard::vocoded),
        mismatched(judged),
        share(wrongText, Heard::answer),
        share(judged, Heard::cascade));
  }

  private static Share share(List<EvaluatedItem> items, Function<Heard, String> text) {
    return Figures.share(items, item -> item.isAnsweredBy(text.apply(item.heard().getFirst())));
  }

  private static WordErrors words(
      List<EvaluatedItem> items,
      Function<EvaluatedItem, String> reference,
      Function<Heard, String> text) {
    WordErrors sum = WordErrors.NONE;
    for (EvaluatedItem item : items) {
      sum =
          sum.plus(WordErrors.between(reference.apply(item), text.apply(item.heard().getFirst())));
    }
    return sum;
  }

  /** Pairs each item with the next of its category that wants another answer. */
  private static Share mismatched(List<EvaluatedItem> items) {
    BiPredicate<EvaluatedItem, EvaluatedItem> differ =
        (one, other) ->
            one.category().equals(other.category())
                && !one.shortAnswer().equals(other.shortAnswer());
    List<Boolean> hits = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      for (int step = 1; step < items.size(); step++) {
        EvaluatedItem other = items.get((i + step) % items.size());
        if (differ.test(items.get(i), other)) {
          hits.add(other.isAnsweredBy(items.get(i).heard().getFirst().reference()));
          break;
        }
      }
    }
    return new Share((int) hits.stream().filter(hit -> hit).count(), hits.size());
  }
}
