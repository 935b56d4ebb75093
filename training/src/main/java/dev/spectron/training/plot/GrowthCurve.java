package dev.spectron.training.plot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Draws what answering costs over the seconds of speech that go in or come out. */
public final class GrowthCurve {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 400;

  private GrowthCurve() {}

  /**
   * One measurement.
   *
   * @param seconds of speech
   * @param took seconds to answer
   * @param gigabytes of memory at most, 0 where that is not known
   */
  public record Point(double seconds, double took, double gigabytes) {}

  /**
   * Measurements in which one length grows.
   *
   * @param name in the legend: what grows and what does not
   * @param points in order
   */
  public record Line(String name, List<Point> points) {
    /** Copies the points. */
    public Line {
      points = List.copyOf(points);
    }
  }

  /** Writes a PNG of 900×800 pixels: time above memory, both from 0. */
  public static void write(Path png, String title, List<Line> lines) {
    List<XYChart> charts = new ArrayList<>();
    charts.add(chart(title, "time, s", lines, Point::took));
    charts.add(chart("", "resident memory at most, GB", lines, Point::gigabytes));
    ChartFile.write(png, charts);
  }

  private static XYChart chart(
      String title, String what, List<Line> lines, ToDoubleFunction<Point> value) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("speech, s")
            .yAxisTitle(what)
            .build();
    chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    for (Line line : lines) {
      List<Point> known =
          line.points.stream().filter(point -> value.applyAsDouble(point) > 0).toList();
      if (!known.isEmpty()) {
        chart.addSeries(
            line.name,
            known.stream().mapToDouble(Point::seconds).toArray(),
            known.stream().mapToDouble(value).toArray());
      }
    }
    return chart;
  }
}
