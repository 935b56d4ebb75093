package dev.spectron.training.voice;

import dev.spectron.core.bundle.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How well speech was told from noise.
 *
 * @param threshold in use
 * @param conditions one for each noise and level
 */
public record VoiceReport(double threshold, List<VoiceCondition> conditions) {
  private static final List<String> HEAD =
      List.of(
          "noise",
          "SNR, dB",
          "false alarms, %",
          "misses, %",
          "misses at 1 %",
          "by level",
          "utterances found",
          "false ones a minute",
          "begin, ms (95 %)");

  /** Copies the list. */
  public VoiceReport {
    conditions = List.copyOf(conditions);
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** Rows of words, the first of them the head. */
  public List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (VoiceCondition found : conditions) {
      rows.add(
          List.of(
              found.background(),
              number("%.0f", found.snr()),
              number("%.1f", 100 * found.falseAlarms()),
              number("%.1f", 100 * found.misses()),
              number("%.1f", 100 * found.missesAtOnePercent()),
              number("%.1f", 100 * found.levelMissesAtOnePercent()),
              found.utterances() + " of " + found.recordings(),
              number("%.1f", found.falseUtterances() / found.noiseMinutes()),
              number("%.0f", found.beginMedian())
                  + " ("
                  + number("%.0f", found.beginLate())
                  + ")"));
    }
    return rows;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
