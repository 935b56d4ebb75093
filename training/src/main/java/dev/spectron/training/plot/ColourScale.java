package dev.spectron.training.plot;

/**
 * Dark violet through red to pale yellow, with a lightness that rises evenly, so that equal steps
 * look equal and a grey print still reads. Computed in the OKLCh space. Source of its matrices:
 * Ottosson 2020, "A perceptual color space for image processing".
 */
final class ColourScale {
  private static final int STEPS = 1024;
  private static final double DARKEST = 0.12;
  private static final double LIGHTEST = 0.97;
  private static final double FIRST_HUE = 285; // degrees, violet
  private static final double LAST_HUE = 460; // degrees, yellow, by way of red at 390
  private static final double STRONGEST_CHROMA = 0.21;

  private final int[] colours = new int[STEPS];

  ColourScale() {
    for (int i = 0; i < STEPS; i++) {
      colours[i] = colour(i / (double) (STEPS - 1));
    }
  }

  /**
   * The colour of a value.
   *
   * @param value 0, dark, to 1, light; clamped
   * @return red, green and blue, a byte each
   */
  int rgb(double value) {
    return colours[(int) Math.round(Math.clamp(value, 0, 1) * (STEPS - 1))];
  }

  private static int colour(double value) {
    double lightness = DARKEST + (LIGHTEST - DARKEST) * value;
    double hue = Math.toRadians(FIRST_HUE + (LAST_HUE - FIRST_HUE) * value);
    double chroma = STRONGEST_CHROMA * Math.sin(Math.PI * Math.pow(value, 0.8));
    double[] rgb = linear(lightness, chroma, hue);
    while (!isDisplayable(rgb) && chroma > 0) {
      chroma = Math.max(0, chroma - 0.002);
      rgb = linear(lightness, chroma, hue);
    }
    return 255 << 24 | encode(rgb[0]) << 16 | encode(rgb[1]) << 8 | encode(rgb[2]);
  }

  private static double[] linear(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(hue);
    double b = chroma * Math.sin(hue);
    double l = Math.pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    double m = Math.pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    double s = Math.pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static boolean isDisplayable(double[] rgb) {
    for (double part : rgb) {
      if (part < 0 || part > 1) {
        return false;
      }
    }
    return true;
  }

  /** The transfer function of sRGB. */
  private static int encode(double linear) {
    double x = Math.clamp(linear, 0, 1);
    double encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * Math.pow(x, 1 / 2.4) - 0.055;
    return (int) Math.round(255 * encoded);
  }
}
