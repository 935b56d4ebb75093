package dev.spectron.training.eval;

import dev.spectron.core.bundle.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a comparison of vocoders found.
 *
 * @param options what was compared on
 * @param vocoders by name, in the order they were given
 */
public record VocoderReport(EvaluationOptions options, List<Column> vocoders) {
  private static final List<Measure> MEASURES =
      List.of(
          new Measure("log-mel, L1, nats", 3, Resynthesis::logMel),
          new Measure("mel-cepstral distance, dB", 2, Resynthesis::cepstrum),
          new Measure("spectral convergence", 3, Resynthesis::convergence),
          new Measure("log magnitude, L1, nats", 3, Resynthesis::magnitude),
          new Measure("voicing errors, % of frames", 1, one -> 100 * one.voicing()),
          new Measure("pitch error, cents", 1, Resynthesis::cents),
          new Measure("real-time factor", 3, Resynthesis::realTimeFactor));
  private static final Measure WORD_ERRORS =
      new Measure("word error rate, %", 1, one -> 100 * one.wordErrors().rate());

  /**
   * One vocoder.
   *
   * @param name in the table
   * @param clips what it made
   */
  public record Column(String name, List<Resynthesis> clips) {
    /** Copies the list. */
    public Column {
      clips = List.copyOf(clips);
    }
  }

  private record Measure(String name, int decimals, ToDoubleFunction<Resynthesis> of) {
    String cell(List<Resynthesis> clips) {
      Estimate estimate = Estimate.of(clips.stream().mapToDouble(of).toArray());
      String number = "%." + decimals + "f";
      return String.format(
          Locale.ROOT,
          number + " (" + number + " to " + number + ")",
          estimate.mean(),
          estimate.low(),
          estimate.high());
    }
  }

  /** Copies the list. */
  public VocoderReport {
    vocoders = List.copyOf(vocoders);
  }

  static VocoderReport of(EvaluationOptions options, Map<String, List<Resynthesis>> results) {
    return new VocoderReport(
        options,
        results.entrySet().stream().map(e -> new Column(e.getKey(), e.getValue())).toList());
  }

  /** The whole report as a JSON document. */
  public String json() {
    return Json.document(this);
  }

  /** The measures as a Markdown table; ends with a line break. */
  public String markdown() {
    StringBuilder table = new StringBuilder("| mean (95 % bootstrap interval) |");
    vocoders.forEach(column -> table.append(' ').append(column.name).append(" |"));
    table.append("\n| --- |").append(" --: |".repeat(vocoders.size())).append('\n');
    List<Measure> measures = new ArrayList<>(MEASURES);
    if (options.judge()) {
      measures.add(WORD_ERRORS);
    }
    for (Measure measure : measures) {
      table.append("| ").append(measure.name).append(" |");
      vocoders.forEach(column -> table.append(' ').append(measure.cell(column.clips)).append(" |"));
      table.append('\n');
    }
    return table.append("\n%d clips.\n".formatted(vocoders.getFirst().clips.size())).toString();
  }
}
