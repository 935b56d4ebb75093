package dev.spectron.training.plot;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;

/** Writes charts as pictures. */
final class ChartFile {
  private ChartFile() {}

  /** A PNG file of charts one below the other, whole or not at all. */
  static void write(Path png, List<XYChart> charts) {
    int width = charts.stream().mapToInt(XYChart::getWidth).max().orElseThrow();
    int height = charts.stream().mapToInt(XYChart::getHeight).sum();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (XYChart chart : charts) {
      chart.paint(graphics, chart.getWidth(), chart.getHeight());
      graphics.translate(0, chart.getHeight());
    }
    graphics.dispose();
    PngFile.write(png, image);
  }
}
