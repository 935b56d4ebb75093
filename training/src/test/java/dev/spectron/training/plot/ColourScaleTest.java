package dev.spectron.training.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ColourScaleTest {
  private final ColourScale scale = new ColourScale();

  @Test
  void louderIsAlwaysLighter() {
    double last = -1;
    for (double value = 0; value <= 1; value += 1 / 128.0) {
      double lightness = lightness(scale.rgb(value));
      assertThat(lightness).as("lightness at %s", value).isGreaterThan(last);
      last = lightness;
    }
  }

  @Test
  void lightnessRisesEvenly() {
    double quarter = lightness(scale.rgb(0.25));
    double half = lightness(scale.rgb(0.5));
    double threeQuarters = lightness(scale.rgb(0.75));
    assertThat(half - quarter).isBetween(15.0, 30.0);
    assertThat(threeQuarters - half).isBetween(15.0, 30.0);
  }

  @Test
  void theEndsAreDarkAndLight() {
    assertThat(lightness(scale.rgb(0))).isLessThan(5);
    assertThat(lightness(scale.rgb(1))).isGreaterThan(93);
  }

  @Test
  void valuesBeyondTheEndsTakeTheEnds() {
    assertThat(scale.rgb(-3)).isEqualTo(scale.rgb(0));
    assertThat(scale.rgb(7)).isEqualTo(scale.rgb(1));
  }

  /** L* of CIE 1976, 0 to 100: another formula for lightness than that of the scale. */
  private static double lightness(int rgb) {
    float[] parts = new Color(rgb).getRGBColorComponents(new float[3]);
    double y = 0.2126 * linear(parts[0]) + 0.7152 * linear(parts[1]) + 0.0722 * linear(parts[2]);
    return y > 216 / 24389.0 ? 116 * Math.cbrt(y) - 16 : y * 24389 / 27;
  }

  private static double linear(double x) {
    return x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
  }
}
