package dev.spectron.training.plot;

import dev.spectron.training.LossHistory;
import dev.spectron.training.Losses;
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
   * Writes a PNG of 1000×600 pixels; loss on a logarithmic axis.
   *
   * @param history with at least one line
   */
  public static void write(Path png, LossHistory history) {
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
    add(chart, "text", history, Losses::text);
    add(chart, "reconstruction", history, Losses::reconstruction);
    add(chart, "stop", history, Losses::stop);
    add(chart, "CTC", history, Losses::ctc);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    PngFile.write(png, image);
  }

  private static void add(
      XYChart chart, String name, LossHistory history, ToDoubleFunction<Losses> part) {
    series(chart, name, history, "train", part, false);
    series(chart, name + ", development", history, "development", part, true);
  }

  private static void series(
      XYChart chart,
      String name,
      LossHistory history,
      String set,
      ToDoubleFunction<Losses> part,
      boolean dots) {
    List<LossHistory.Entry> entries =
        history.entries().stream()
            .filter(e -> e.set().equals(set) && part.applyAsDouble(e.losses()) > 0)
            .toList();
    if (entries.isEmpty()) {
      return;
    }
    double[] steps = entries.stream().mapToDouble(LossHistory.Entry::step).toArray();
    double[] losses = entries.stream().mapToDouble(e -> part.applyAsDouble(e.losses())).toArray();
    XYSeries series = chart.addSeries(name, steps, losses);
    series.setMarker(dots ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    if (dots) {
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
  }
}
