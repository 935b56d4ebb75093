package dev.spectron.training.plot;

import dev.spectron.training.speaker.SpeakerReport;
import dev.spectron.training.speaker.SpeakerSet;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws how the two errors of a speaker verification trade against each other, a line a set.
 * Source: Martin et al. 1997, "The DET curve in assessment of detection task performance", with
 * logarithmic axes in place of normal deviates.
 */
public final class DetectionCurve {
  private static final int SIDE = 800;
  private static final double LEAST_PERCENT = 0.05;

  private DetectionCurve() {}

  /** Writes a PNG of 800×800 pixels. */
  public static void write(Path png, SpeakerReport report) {
    XYChart chart =
        new XYChartBuilder()
            .width(SIDE)
            .height(SIDE)
            .title("Detection error trade-off")
            .xAxisTitle("different speakers taken for one, %")
            .yAxisTitle("one speaker taken for two, %")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setXAxisMin(LEAST_PERCENT).setXAxisMax(100.0);
    chart.getStyler().setYAxisMin(LEAST_PERCENT).setYAxisMax(100.0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    for (SpeakerSet set : report.sets()) {
      chart
          .addSeries(
              set.name(),
              set.curve().stream().mapToDouble(p -> percent(p.falseAcceptance())).toArray(),
              set.curve().stream().mapToDouble(p -> percent(p.falseRejection())).toArray())
          .setMarker(SeriesMarkers.NONE);
    }
    ChartFile.write(png, List.of(chart));
  }

  /** A logarithmic axis has no 0. */
  private static double percent(double share) {
    return Math.max(LEAST_PERCENT, 100 * share);
  }
}
