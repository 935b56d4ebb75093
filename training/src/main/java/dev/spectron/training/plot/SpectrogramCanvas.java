package dev.spectron.training.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** Draws panels. All lengths are in points, of which {@link #PIXELS_PER_POINT} make a pixel. */
final class SpectrogramCanvas {
  static final double PIXELS_PER_POINT = 1.6;
  static final int WIDTH = 960;
  static final int TOP = 26;
  static final int LEFT = 58;
  static final int RIGHT = 78;
  static final int HEADER = 52;
  static final int MAP_HEIGHT = 200;
  static final int GAP = 40;
  static final int BOTTOM = 40;

  private static final double DECIBELS = 70;
  private static final double NATS = DECIBELS * Math.log(10) / 20;
  private static final double LEAST_SECONDS = 0.1;
  private static final int LEGEND_STEPS = 256;

  private static final Color PAPER = new Color(0xFD, 0xFD, 0xFB);
  private static final Color INK = new Color(0x1E, 0x1B, 0x26);
  private static final Color FAINT = new Color(0x7A, 0x76, 0x86);
  private static final Color EMPTY = new Color(0xF1, 0xF0, 0xEE);

  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  private final List<SpectrogramPanel> panels;
  private final double seconds;
  private final ColourScale scale = new ColourScale();

  SpectrogramCanvas(List<SpectrogramPanel> panels) {
    this.panels = panels;
    this.seconds =
        panels.stream().mapToDouble(SpectrogramPanel::seconds).reduce(LEAST_SECONDS, Math::max);
  }

  BufferedImage draw() {
    int height = TOP + panels.size() * (HEADER + MAP_HEIGHT) + (panels.size() - 1) * GAP + BOTTOM;
    BufferedImage image =
        new BufferedImage(pixels(WIDTH), pixels(height), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      g.scale(PIXELS_PER_POINT, PIXELS_PER_POINT);
      g.setColor(PAPER);
      g.fillRect(0, 0, WIDTH, height);
      for (int i = 0; i < panels.size(); i++) {
        drawPanel(g, panels.get(i), mapTop(i));
      }
    } finally {
      g.dispose();
    }
    return image;
  }

  /** Upper edge of a panel's map, points. */
  static int mapTop(int panel) {
    return TOP + HEADER + panel * (HEADER + MAP_HEIGHT + GAP);
  }

  private static int pixels(int points) {
    return (int) Math.round(points * PIXELS_PER_POINT);
  }

  private static double mapWidth() {
    return WIDTH - LEFT - RIGHT;
  }

  private void drawPanel(Graphics2D g, SpectrogramPanel panel, int top) {
    drawTitle(g, panel, top);
    g.setColor(EMPTY);
    g.fill(new Rectangle2D.Double(LEFT, top, mapWidth(), MAP_HEIGHT));
    drawMap(g, panel, top);
    drawFrequencies(g, panel, top);
    drawTimes(g, top + MAP_HEIGHT);
    drawLegend(g, top);
  }

  private void drawTitle(Graphics2D g, SpectrogramPanel panel, int top) {
    g.setFont(LABEL);
    g.setColor(FAINT);
    String length = String.format(Locale.ROOT, "%.2f s", panel.seconds());
    g.drawString(panel.label() + ", " + length, LEFT, top - 34);
    g.setFont(TITLE);
    g.setColor(INK);
    g.drawString(fit(panel.text(), g.getFontMetrics(), mapWidth()), LEFT, top - 12);
  }

  /** As much of a text as is not wider than {@code width}. */
  private static String fit(String text, FontMetrics metrics, double width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int end = Math.min(text.length(), (int) width);
    while (end > 0 && metrics.stringWidth(text.substring(0, end) + "…") > width) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private void drawMap(Graphics2D g, SpectrogramPanel panel, int top) {
    BufferedImage map = new BufferedImage(panel.frames(), panel.bins(), BufferedImage.TYPE_INT_RGB);
    float loudest = panel.loudest();
    for (int t = 0; t < panel.frames(); t++) {
      for (int bin = 0; bin < panel.bins(); bin++) {
        double share = 1 + (panel.at(t, bin) - loudest) / NATS;
        map.setRGB(t, panel.bins() - 1 - bin, scale.rgb(share));
      }
    }
    double width = Math.max(1, mapWidth() * panel.seconds() / seconds);
    g.drawImage(map, LEFT, top, (int) Math.round(width), MAP_HEIGHT, null);
  }

  private static void drawFrequencies(Graphics2D g, SpectrogramPanel panel, int top) {
    g.setFont(SMALL);
    for (Axis.Tick tick : Axis.frequencies(panel.lowestFrequency(), panel.highestFrequency())) {
      double y = top + MAP_HEIGHT * (1 - tick.value());
      drawTick(g, LEFT - 4, y, LEFT, y);
      g.setColor(FAINT);
      int width = g.getFontMetrics().stringWidth(tick.text());
      g.drawString(tick.text(), LEFT - 8 - width, (float) y + 4);
    }
    g.drawString("kHz", LEFT - 48, top + 4);
  }

  private void drawTimes(Graphics2D g, int bottom) {
    g.setFont(SMALL);
    for (Axis.Tick tick : Axis.times(seconds, 10)) {
      double x = LEFT + mapWidth() * tick.value() / seconds;
      drawTick(g, x, bottom, x, bottom + 4);
      g.setColor(FAINT);
      int width = g.getFontMetrics().stringWidth(tick.text());
      g.drawString(tick.text(), (float) (x - width / 2.0), bottom + 17);
    }
    g.drawString("s", WIDTH - RIGHT + 12, bottom + 17);
  }

  private void drawLegend(Graphics2D g, int top) {
    int x = WIDTH - RIGHT + 16;
    BufferedImage colours = new BufferedImage(1, LEGEND_STEPS, BufferedImage.TYPE_INT_RGB);
    for (int step = 0; step < LEGEND_STEPS; step++) {
      colours.setRGB(0, step, scale.rgb(1 - step / (LEGEND_STEPS - 1.0)));
    }
    g.drawImage(colours, x, top, 8, MAP_HEIGHT, null);
    g.setFont(SMALL);
    for (int decibels = 0; decibels <= DECIBELS; decibels += 20) {
      double y = top + MAP_HEIGHT * decibels / DECIBELS;
      drawTick(g, x + 8, y, x + 11, y);
      g.setColor(FAINT);
      String text = decibels == 0 ? "0 dB" : "−" + decibels;
      g.drawString(text, x + 14, (float) y + 4);
    }
  }

  private static void drawTick(Graphics2D g, double x, double y, double toX, double toY) {
    g.setColor(FAINT);
    g.setStroke(new BasicStroke(0.8f));
    g.draw(new Line2D.Double(x, y, toX, toY));
  }
}
