package dev.spectron.training.plot;

import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.error.TrainingException;
import dev.spectron.training.LossHistory;
import dev.spectron.training.Losses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the losses of a run over its steps: lines for training, dots for the development set. */
public final class LossCurve {
  private LossCurve() {}

  /**
   * Writes a PNG of 1000×600 pixels; loss on a logarithmic axis.
   *
   * @param history with at least one line
   */
  public static void write(Path png, LossHistory history) {
    XYChart chart =
        new XYChartBuilder()
            .width(1000)
            .height(600)
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
    try {
      byte[] bytes = BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG);
      AtomicFile.write(png, channel -> channel.write(ByteBuffer.wrap(bytes)));
    } catch (IOException e) {
      throw new TrainingException(png + ": cannot be written: " + e.getMessage(), e);
    }
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
