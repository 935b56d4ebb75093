package dev.spectron.training.plot;

import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a process holds over time. */
public final class HoldingsCurve {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 400;

  private HoldingsCurve() {}

  /**
   * A moment.
   *
   * @param minutes since the start
   * @param megabytes of resident memory
   * @param threads of the platform
   * @param files open
   */
  public record Point(double minutes, double megabytes, double threads, double files) {}

  /** Writes a PNG of 900×800 pixels: memory above threads and files, all from 0. */
  public static void write(Path png, String title, List<Point> points) {
    double[] minutes = points.stream().mapToDouble(Point::minutes).toArray();
    XYChart memory = chart(title, "resident memory, MB");
    memory.getStyler().setLegendVisible(false);
    add(memory, "resident", minutes, points.stream().mapToDouble(Point::megabytes).toArray());
    XYChart counts = chart("", "threads and files");
    counts.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    add(counts, "threads", minutes, points.stream().mapToDouble(Point::threads).toArray());
    add(counts, "open files", minutes, points.stream().mapToDouble(Point::files).toArray());
    ChartFile.write(png, List.of(memory, counts));
  }

  private static XYChart chart(String title, String what) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("minutes")
            .yAxisTitle(what)
            .build();
    chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
    return chart;
  }

  private static void add(XYChart chart, String name, double[] minutes, double[] values) {
    XYSeries series = chart.addSeries(name, minutes, values);
    series.setMarker(SeriesMarkers.NONE);
  }
}
