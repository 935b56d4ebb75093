package dev.spectron.training.eval;

import dev.spectron.core.bundle.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an evaluation on somebody else's recordings found.
 *
 * @param set name of the set
 * @param backend that answered
 * @param answers right in words, of the recordings that have a right answer
 * @param transcripts right word for word, of those whose text is known
 * @param transcriptWords word errors of those
 * @param stopped answers that ended by the stop rule
 * @param realTimeFactor time of the whole answer over the duration of its speech
 * @param items every recording
 */
public record SetReport(
    String set,
    String backend,
    Share answers,
    Share transcripts,
    WordErrors transcriptWords,
    Share stopped,
    Distribution realTimeFactor,
    List<Item> items) {
  /**
   * One recording.
   *
   * @param id in the set
   * @param text what was said; empty if unknown
   * @param rightAnswers any of them; empty if it is no question
   * @param transcript what the model understood
   * @param answer what it answered in words
   * @param right whether the answer holds a right one
   * @param words of {@code text} that count
   * @param transcriptWords of {@code transcript} that count
   * @param stopped whether the speech ended by the stop rule
   * @param realTimeFactor time over duration
   */
  public record Item(
      String id,
      String text,
      List<String> rightAnswers,
      String transcript,
      String answer,
      boolean right,
      String words,
      String transcriptWords,
      boolean stopped,
      double realTimeFactor) {
    /** Copies the list. */
    public Item {
      rightAnswers = List.copyOf(rightAnswers);
    }
  }

  /** Copies the list. */
  public SetReport {
    items = List.copyOf(items);
  }

  static SetReport of(String set, String backend, List<Item> items) {
    List<Item> questions = items.stream().filter(i -> !i.rightAnswers.isEmpty()).toList();
    List<Item> known = items.stream().filter(i -> !i.words.isEmpty()).toList();
    WordErrors words =
        known.stream()
            .map(item -> WordErrors.between(item.words, item.transcriptWords))
            .reduce(WordErrors.NONE, WordErrors::plus);
    return new SetReport(
        set,
        backend,
        new Share((int) questions.stream().filter(Item::right).count(), questions.size()),
        new Share(
            (int) known.stream().filter(i -> i.words.equals(i.transcriptWords)).count(),
            known.size()),
        words,
        new Share((int) items.stream().filter(Item::stopped).count(), items.size()),
        Distribution.of(items.stream().mapToDouble(Item::realTimeFactor).toArray()),
        items);
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The figures as a Markdown table; ends with a line break. */
  public String markdown() {
    List<String> rows = new ArrayList<>();
    rows.add("| " + set + ", " + items.size() + " recordings | % (95 % Wilson interval) |");
    rows.add("| --- | --: |");
    add(rows, "answer right", answers);
    add(rows, "transcript exact", transcripts);
    if (transcripts.measured()) {
      rows.add(
          String.format(
              Locale.ROOT, "| transcript, word error rate | %.1f |", 100 * transcriptWords.rate()));
    }
    add(rows, "ended by the stop rule", stopped);
    rows.add(
        String.format(
            Locale.ROOT,
            "| real-time factor, median (5th to 95th percentile) | %.2f (%.2f to %.2f) |",
            realTimeFactor.median(),
            realTimeFactor.low(),
            realTimeFactor.high()));
    return String.join("\n", rows) + "\n";
  }

  private static void add(List<String> rows, String name, Share share) {
    if (share.measured()) {
      rows.add(
          String.format(
              Locale.ROOT,
              "| %s | %.1f (%.0f to %.0f) |",
              name,
              100 * share.value(),
              100 * share.low(),
              100 * share.high()));
    }
  }
}
