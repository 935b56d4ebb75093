package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;

/** How attention learns where its frames stand. */
public sealed interface Position {
  /** Attention is blind to order. */
  record None() implements Position {}

  /**
   * Rotary embedding of queries and keys in the rotate-half layout: channel i pairs with channel i
   * + dims / 2, turned by position·frequency in double precision: a float angle loses its fourth
   * digit some thousand positions in. Source: Su et al. 2021, arXiv 2104.09864, section 3.
   *
   * @param dims leading channels of each head that are rotated; even, at most headDim
   * @param theta base of the wavelengths, above 0; 10000 in the paper
   * @param scaling how wavelengths are stretched for long contexts
   */
  record Rotary(int dims, double theta, RotaryScaling scaling) implements Position {
    /**
     * Checks the values.
     *
     * @throws ShapeException if {@code dims} is odd or below 2
     * @throws IllegalArgumentException if {@code theta} is not above 0
     */
    public Rotary {
      if (dims < 2 || dims % 2 != 0) {
        throw new ShapeException("rotary: expected an even number of dims >= 2, found " + dims);
      }
      if (!(theta > 0 && Double.isFinite(theta))) {
        throw new IllegalArgumentException("rotary: expected theta above 0, found " + theta);
      }
    }

    /** Angle per position of each of the {@code dims / 2} pairs, radians. */
    public double[] frequencies() {
      double[] frequencies = new double[dims / 2];
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] = scaling.apply(Math.pow(theta, -2.0 * i / dims));
      }
      return frequencies;
    }
  }

  /**
   * Relative sinusoids: score(i, j) = (q_i + u)·k_j + (q_i + v)·P·R(i − j) per head, before
   * scaling. Source: Dai et al. 2019, arXiv 1901.02860, section 3.3, as used by the Conformer.
   *
   * @param projection P, {@code [nHeads·headDim, dModel]}
   * @param u content bias, {@code [nHeads, headDim]}
   * @param v position bias, {@code [nHeads, headDim]}
   */
  record TransformerXl(Weight projection, Weight u, Weight v) implements Position {
    /**
     * R(distance): sin and cos interleaved, R[2c] = sin(distance·ω_c), R[2c + 1] =
     * cos(distance·ω_c), ω_c = 10000^(−2c / dModel).
     *
     * @param distance query position minus key position
     */
    public static double[] sinusoid(int distance, int dModel) {
      double[] r = new double[dModel];
      for (int c = 0; c < dModel; c += 2) {
        double angle = distance * Math.pow(10000, -(double) c / dModel);
        r[c] = Math.sin(angle);
        if (c + 1 < dModel) {
          r[c + 1] = Math.cos(angle);
        }
      }
      return r;
    }
  }

  /**
   * Learned relative keys shared by the heads: score(i, j) = q_i·(k_j + D[clip(j − i, −left, right)
   * + left]). Source: Shaw et al. 2018, arXiv 1803.02155, equation 4, keys only.
   *
   * @param distances D, {@code [left + right + 1, headDim]}
   * @param left largest distance told apart before the query
   * @param right largest distance told apart after the query
   */
  record Shaw(Weight distances, int left, int right) implements Position {
    /**
     * Checks the values.
     *
     * @throws ShapeException if a distance is negative
     */
    public Shaw {
      if (left < 0 || right < 0) {
        throw new ShapeException(
            "relative keys: expected distances >= 0, found left %d, right %d"
                .formatted(left, right));
      }
    }
  }
}
