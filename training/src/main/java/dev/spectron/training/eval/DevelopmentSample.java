package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Sentences;
import dev.spectron.training.corpus.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A systematic sample of the development set: the items are put in order of category, seen or
 * held-out text, and voice kind, facts in random order within, and taken in equal steps from a
 * random start. So every stratum has its due, to within one item, and one fact rarely comes twice.
 */
public final class DevelopmentSample {
  private DevelopmentSample() {}

  /**
   * Draws from the questions of the domain in its own words.
   *
   * @return {@code options.items()} different items, or all if there are fewer
   * @throws TrainingException if the corpus has none to draw from
   */
  static List<CorpusItem> of(Corpus corpus, EvaluationOptions options) {
    List<CorpusItem> items = of(corpus, options, DevelopmentSample::isPlain);
    if (items.isEmpty()) {
      throw new TrainingException(
          "evaluation: expected development items in the corpus, found none; render a larger"
              + " corpus");
    }
    return items;
  }

  /**
   * Draws from some of the items.
   *
   * @return {@code options.items()} different items, or all if there are fewer, none where there
   *     are none
   */
  public static List<CorpusItem> of(
      Corpus corpus, EvaluationOptions options, Predicate<CorpusItem> some) {
    boolean allVoices = options.voices() == EvaluationOptions.VoiceChoice.ALL;
    List<CorpusItem> items =
        corpus.items(Split.DEV).stream()
            .filter(item -> (allVoices || item.voiceHeldOut()) && some.test(item))
            .toList();
    return draw(items, options.items(), new Random(options.seed()));
  }

  private static boolean isPlain(CorpusItem item) {
    return !item.fromOutside() && !item.reworded() && !item.category().equals(Sentences.CATEGORY);
  }

  static List<CorpusItem> draw(List<CorpusItem> items, int most, Random random) {
    Map<String, Integer> ranks = ranks(items, random);
    List<CorpusItem> ordered = new ArrayList<>(items);
    ordered.sort(
        Comparator.comparing(CorpusItem::category)
            .thenComparing(CorpusItem::heldOut)
            .thenComparing(CorpusItem::voiceHeldOut)
            .thenComparing(item -> ranks.get(item.key()))
            .thenComparing(CorpusItem::id));
    int count = Math.min(most, ordered.size());
    double start = random.nextDouble();
    List<CorpusItem> sample = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      sample.add(ordered.get((int) ((i + start) * ordered.size() / count)));
    }
    return sample;
  }

  /** A random place for every fact. */
  private static Map<String, Integer> ranks(List<CorpusItem> items, Random random) {
    TreeSet<String> sorted = new TreeSet<>();
    items.forEach(item -> sorted.add(item.key()));
    List<String> keys = new ArrayList<>(sorted);
    Collections.shuffle(keys, random);
    Map<String, Integer> ranks = new HashMap<>();
    for (String key : keys) {
      ranks.put(key, ranks.size());
    }
    return ranks;
  }
}
