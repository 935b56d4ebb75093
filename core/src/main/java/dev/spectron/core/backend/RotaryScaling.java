package dev.spectron.core.backend;

/** Stretching of rotary wavelengths for contexts longer than those trained on. */
public sealed interface RotaryScaling {
  /** The angle per position to use instead of {@code frequency}, radians. */
  double apply(double frequency);

  /** Wavelengths as trained. */
  record None() implements RotaryScaling {
    @Override
    public double apply(double frequency) {
      return frequency;
    }
  }

  /**
   * Every wavelength times {@code factor}.
   *
   * @param factor above 0
   */
  record LinearFactor(double factor) implements RotaryScaling {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if {@code factor} is not above 0
     */
    public LinearFactor {
      if (!(factor > 0 && Double.isFinite(factor))) {
        throw new IllegalArgumentException(
            "rotary scaling: expected a factor above 0, found " + factor);
      }
    }

    @Override
    public double apply(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * The rule of Llama 3: short wavelengths stay, long ones are divided by {@code factor}, those
   * between are blended.
   *
   * @param factor division of the long wavelengths' frequency
   * @param low wavelengths above {@code originalPositions / low} are long
   * @param high wavelengths below {@code originalPositions / high} are short
   * @param originalPositions context length of the original training
   */
  record Llama3(double factor, double low, double high, int originalPositions)
      implements RotaryScaling {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not above 0 or {@code low} is not below {@code
     *     high}
     */
    public Llama3 {
      if (!(factor > 0 && low > 0 && high > low && originalPositions > 0)) {
        throw new IllegalArgumentException(
            "rotary scaling: expected factor and original positions above 0 and 0 < low < high,"
                + " found factor %s, low %s, high %s, original positions %d"
                    .formatted(factor, low, high, originalPositions));
      }
    }

    @Override
    public double apply(double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      if (wavelength < originalPositions / high) {
        return frequency;
      }
      if (wavelength > originalPositions / low) {
        return frequency / factor;
      }
      double blend = (originalPositions / wavelength - low) / (high - low);
      return (1 - blend) * frequency / factor + blend * frequency;
    }
  }
}
