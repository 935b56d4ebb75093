package dev.spectron.training.speaker;

import dev.spectron.core.bundle.Json;
import java.util.List;
import java.util.Locale;

/**
 * How well a speaker encoder tells speakers apart.
 *
 * @param options what was tried
 * @param sets one for each kind of speakers
 */
public record SpeakerReport(SpeakerEvaluation.Options options, List<SpeakerSet> sets) {
  private static final String HEAD =
      """
      | speakers | number | same, trials | different, trials | equal error rate, % (95 %) | score, same | score, different | threshold |
      | --- | --: | --: | --: | --: | --: | --: | --: |
      """;

  /** Copies the list. */
  public SpeakerReport {
    sets = List.copyOf(sets);
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The sets as a Markdown table; ends with a line break. */
  public String markdown() {
    StringBuilder table = new StringBuilder(HEAD);
    for (SpeakerSet set : sets) {
      SpeakerSet.Rate rate = set.equalErrorRate();
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %d | %.1f (%.1f to %.1f) | %.2f | %.2f | %.2f |%n",
              set.name(),
              set.speakers(),
              set.same(),
              set.different(),
              100 * rate.value(),
              100 * rate.low(),
              100 * rate.high(),
              set.sameScore(),
              set.differentScore(),
              set.threshold()));
    }
    return table.toString();
  }
}
