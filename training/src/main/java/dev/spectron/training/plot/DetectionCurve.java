package dev.spectron.training.plot;

import dev.spectron.training.speaker.SpeakerReport;
import dev.spectron.training.speaker.SpeakerSet;
import dev.spectron.training.voice.VoiceCondition;
import dev.spectron.training.voice.VoiceReport;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws how the two errors of a detector trade against each other, a line a set. Source: Martin et
 * al. 1997, "The DET curve in assessment of detection task performance", with logarithmic axes in
 * place of normal deviates.
 */
public final class DetectionCurve {
  private static final int SIDE = 800;
  private static final double LEAST_PERCENT = 0.05;

  private DetectionCurve() {}

  /** A line of shares, 0 to 1: x and y one after the other. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Line(String name, double[] x, double[] y) {}

  /** Writes a PNG of 800×800 pixels. */
  public static void write(Path png, SpeakerReport report) {
    List<Line> lines =
        report.sets().stream()
            .map(
                set ->
                    new Line(
                        set.name(),
                        set.curve().stream()
                            .mapToDouble(SpeakerSet.Point::falseAcceptance)
                            .toArray(),
                        set.curve().stream()
                            .mapToDouble(SpeakerSet.Point::falseRejection)
                            .toArray()))
            .toList();
    ChartFile.write(
        png,
        List.of(
            chart(
                "Detection error trade-off",
                "different speakers taken for one, %",
                "one speaker taken for two, %",
                lines)));
  }

  /** Writes a PNG, 800×800 pixels for each noise, one below the other; a line a level. */
  public static void write(Path png, VoiceReport report) {
    Stream<String> backgrounds =
        report.conditions().stream().map(VoiceCondition::background).distinct();
    ChartFile.write(
        png,
        backgrounds
            .map(
                background ->
                    chart(
                        "Speech in " + background,
                        "noise taken for speech, % of frames",
                        "speech taken for noise, % of frames",
                        lines(report, background)))
            .toList());
  }

  private static List<Line> lines(VoiceReport report, String background) {
    return report.conditions().stream()
        .filter(found -> found.background().equals(background))
        .map(
            found ->
                new Line(
                    "%.0f dB".formatted(found.snr()),
                    found.curve().stream().mapToDouble(VoiceCondition.Point::falseAlarms).toArray(),
                    found.curve().stream().mapToDouble(VoiceCondition.Point::misses).toArray()))
        .toList();
  }

  private static XYChart chart(String title, String xTitle, String yTitle, List<Line> lines) {
    XYChart chart =
        new XYChartBuilder()
            .width(SIDE)
            .height(SIDE)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setXAxisMin(LEAST_PERCENT).setXAxisMax(100.0);
    chart.getStyler().setYAxisMin(LEAST_PERCENT).setYAxisMax(100.0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    for (Line line : lines) {
      chart.addSeries(line.name, percent(line.x), percent(line.y)).setMarker(SeriesMarkers.NONE);
    }
    return chart;
  }

  /** A logarithmic axis has no 0. */
  private static double[] percent(double[] shares) {
    double[] percent = shares.clone();
    for (int i = 0; i < percent.length; i++) {
      percent[i] = Math.max(LEAST_PERCENT, 100 * percent[i]);
    }
    return percent;
  }
}
