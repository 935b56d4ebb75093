package dev.spectron.training.plot;

import dev.spectron.training.run.MetricsLog;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
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
   * @param lines of the log that have it, values of 0 left out
   * @param value the loss on a line
   * @param dots whether it is drawn as dots in place of a line
   */
  public record Series<E extends MetricsLog.Line>(
      String name, List<E> lines, ToDoubleFunction<E> value, boolean dots) {
    /** A line without the zeros. */
    public Series {
      lines = lines.stream().filter(line -> value.applyAsDouble(line) > 0).toList();
    }
  }

  /**
   * Writes a PNG of 1000×600 pixels; loss on a logarithmic axis.
   *
   * @param series empty ones are left out
   */
  public static <E extends MetricsLog.Line> void write(Path png, List<Series<E>> series) {
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
    series.stream().filter(one -> !one.lines.isEmpty()).forEach(one -> add(chart, one));
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    PngFile.write(png, image);
  }

  private static <E extends MetricsLog.Line> void add(XYChart chart, Series<E> series) {
    double[] steps = series.lines.stream().mapToDouble(MetricsLog.Line::step).toArray();
    double[] losses = series.lines.stream().mapToDouble(series.value).toArray();
    XYSeries drawn = chart.addSeries(series.name, steps, losses);
    drawn.setMarker(series.dots ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    if (series.dots) {
      drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
  }
}
