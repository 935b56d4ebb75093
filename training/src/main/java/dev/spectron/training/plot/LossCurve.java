package dev.spectron.training.plot;

import dev.spectron.training.run.MetricsLog;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the losses of a run over its steps: lines for training, dots for the development set. */
public final class LossCurve {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;

  private LossCurve() {}

  /**
   * One loss.
   *
   * @param name in the legend
   * @param of the loss on a line of the log; lines with 0 are left out
   */
  public record Part<E extends MetricsLog.Line>(String name, ToDoubleFunction<E> of) {}

  /**
   * Writes a PNG of 1000×600 pixels; loss on a logarithmic axis.
   *
   * @param parts those without a line are left out
   */
  public static <E extends MetricsLog.Line> void write(
      Path png, MetricsLog<E> log, List<Part<E>> parts) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Losses")
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    for (Part<E> part : parts) {
      add(chart, part.name, lines(log, "train", part), part, false);
      add(chart, part.name + ", development", lines(log, "development", part), part, true);
    }
    ChartFile.write(png, List.of(chart));
  }

  private static <E extends MetricsLog.Line> List<E> lines(
      MetricsLog<E> log, String set, Part<E> part) {
    return log.entries().stream()
        .filter(line -> line.set().equals(set) && part.of.applyAsDouble(line) > 0)
        .toList();
  }

  private static <E extends MetricsLog.Line> void add(
      XYChart chart, String name, List<E> lines, Part<E> part, boolean dots) {
    if (lines.isEmpty()) {
      return;
    }
    double[] steps = lines.stream().mapToDouble(MetricsLog.Line::step).toArray();
    double[] losses = lines.stream().mapToDouble(part.of).toArray();
    XYSeries drawn = chart.addSeries(name, steps, losses);
    drawn.setMarker(dots ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    if (dots) {
      drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
  }
}
