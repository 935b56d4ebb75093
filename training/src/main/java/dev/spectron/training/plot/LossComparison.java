package dev.spectron.training.plot;

import dev.spectron.training.Losses;
import dev.spectron.training.Measurement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws several runs over their steps, one chart for each loss that every recipe measures alike:
 * text cross-entropy, and the spectrogram loss of the frames without differences.
 */
public final class LossComparison {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 500;
  private static final List<Chart> CHARTS =
      List.of(
          new Chart("text cross-entropy, training", Losses::text),
          new Chart("frames, L1 + L2, training", Losses::frames));

  private LossComparison() {}

  private record Chart(String title, ToDoubleFunction<Losses> of) {}

  /**
   * Writes a PNG of 1000×1000 pixels; losses on logarithmic axes.
   *
   * @param runs lines of their logs by name
   */
  public static void write(Path png, Map<String, List<Measurement>> runs) {
    ChartFile.write(png, CHARTS.stream().map(chart -> draw(chart, runs)).toList());
  }

  private static XYChart draw(Chart kind, Map<String, List<Measurement>> runs) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(kind.title)
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    runs.forEach(
        (name, log) -> {
          List<Measurement> lines =
              log.stream()
                  .filter(m -> m.set().equals("train") && kind.of.applyAsDouble(m.losses()) > 0)
                  .toList();
          if (!lines.isEmpty()) {
            chart
                .addSeries(
                    name,
                    lines.stream().mapToDouble(Measurement::step).toArray(),
                    lines.stream().mapToDouble(m -> kind.of.applyAsDouble(m.losses())).toArray())
                .setMarker(SeriesMarkers.NONE);
          }
        });
    return chart;
  }
}
