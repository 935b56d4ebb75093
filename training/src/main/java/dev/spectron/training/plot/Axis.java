package dev.spectron.training.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where values lie on a picture, and which of them are written beside it. */
final class Axis {
  private static final double[] NICE = {1, 2, 5};
  private static final double[] KILOHERTZ = {0.25, 0.5, 1, 2, 4, 8, 16, 32, 64};

  private Axis() {}

  /**
   * A value that is written.
   *
   * @param value its place on the axis
   * @param text as written
   */
  record Tick(double value, String text) {}

  /** Times from 0 to at most {@code seconds}, about {@code wanted} of them at a round distance. */
  static List<Tick> times(double seconds, int wanted) {
    double step = roundStep(seconds / wanted);
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i * step <= seconds * (1 + 1e-9); i++) {
      ticks.add(new Tick(i * step, String.format(Locale.ROOT, "%." + decimals + "f", i * step)));
    }
    return ticks;
  }

  /** Octaves in kHz within the range, at their place on the mel scale. */
  static List<Tick> frequencies(double lowest, double highest) {
    List<Tick> ticks = new ArrayList<>();
    for (double kilohertz : KILOHERTZ) {
      double hertz = 1000 * kilohertz;
      if (hertz > lowest && hertz <= highest) {
        ticks.add(new Tick(melShare(hertz, lowest, highest), text(kilohertz)));
      }
    }
    return ticks;
  }

  /** Place of a frequency between the lowest, 0, and the highest, 1, on the mel scale. */
  static double melShare(double hertz, double lowest, double highest) {
    return (mel(hertz) - mel(lowest)) / (mel(highest) - mel(lowest));
  }

  private static double mel(double hertz) {
    return Math.log1p(hertz / 700);
  }

  private static String text(double kilohertz) {
    return kilohertz == Math.rint(kilohertz)
        ? Integer.toString((int) kilohertz)
        : Double.toString(kilohertz);
  }

  /** The smallest of 1, 2, 5, 10, 20 … and their tenths that is not below {@code least}. */
  private static double roundStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double nice : NICE) {
      if (nice * power >= least * (1 - 1e-9)) {
        return nice * power;
      }
    }
    return 10 * power;
  }
}
