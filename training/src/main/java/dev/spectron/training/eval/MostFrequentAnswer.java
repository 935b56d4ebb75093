package dev.spectron.training.eval;

import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The baseline that knows the kind of each question and nothing else: it gives the short answer
 * that most training questions of the kind have.
 *
 * @param answers short answer by category
 */
public record MostFrequentAnswer(Map<String, String> answers) {
  /**
   * Counts every training question once; of equally frequent answers, the first in the alphabet.
   */
  public static MostFrequentAnswer of(List<CorpusItem> items) {
    Map<String, CorpusItem> questions = new TreeMap<>();
    items.stream()
        .filter(item -> item.split() == Split.TRAIN)
        .forEach(item -> questions.put(item.question(), item));
    Map<String, Map<String, Integer>> counts = new HashMap<>();
    for (CorpusItem item : questions.values()) {
      counts
          .computeIfAbsent(item.category(), _ -> new TreeMap<>())
          .merge(item.shortAnswer(), 1, Integer::sum);
    }
    Map<String, String> answers = new HashMap<>();
    counts.forEach((category, shortAnswers) -> answers.put(category, largest(shortAnswers)));
    return new MostFrequentAnswer(answers);
  }

  /** The short answer to every question of the category; empty if training has none. */
  public String to(String category) {
    return answers.getOrDefault(category, "");
  }

  private static String largest(Map<String, Integer> counts) {
    String largest = "";
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > counts.getOrDefault(largest, 0)) {
        largest = entry.getKey();
      }
    }
    return largest;
  }
}
