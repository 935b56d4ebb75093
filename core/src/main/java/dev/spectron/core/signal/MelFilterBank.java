package dev.spectron.core.signal;

import dev.spectron.core.error.ShapeException;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * Triangular filters of unit height, equally spaced on the HTK mel scale mel(f) = 2595·log₁₀(1 + f
 * / 700), as a matrix {@code [n_mels, bins]} of which only the non-zero part of each row is kept.
 * Filter m rises from edge m to edge m + 1 and falls to edge m + 2 of n_mels + 2 edges between fMin
 * and fMax. Immutable and thread-safe.
 */
public final class MelFilterBank {
  private final int bins;
  private final int[] start;
  private final float[][] rows;

  /** The filters of {@code spec}. */
  public MelFilterBank(FeatureSpec spec) {
    this.bins = spec.nFft() / 2 + 1;
    this.start = new int[spec.nMels()];
    this.rows = new float[spec.nMels()][];
    double low = mel(spec.fMin());
    double step = (mel(spec.fMax()) - low) / (spec.nMels() + 1);
    double binHertz = spec.sampleRate() / (double) spec.nFft();
    for (int m = 0; m < rows.length; m++) {
      double left = hertz(low + step * m) / binHertz;
      double centre = hertz(low + step * (m + 1)) / binHertz;
      double right = hertz(low + step * (m + 2)) / binHertz;
      start[m] = (int) Math.ceil(left);
      int end = Math.max(start[m], Math.min(bins, (int) Math.floor(right) + 1));
      rows[m] = new float[end - start[m]];
      for (int i = 0; i < rows[m].length; i++) {
        int k = start[m] + i;
        double weight = Math.min((k - left) / (centre - left), (right - k) / (right - centre));
        rows[m][i] = (float) Math.max(0, weight);
      }
    }
  }

  /** Number of filters. */
  public int nMels() {
    return rows.length;
  }

  /** Frequencies of a frame: nFft / 2 + 1. */
  public int bins() {
    return bins;
  }

  /**
   * One frame of mel values.
   *
   * @param magnitude {@link #bins()} values
   * @param mel where {@link #nMels()} values are written
   * @param offset index of the first
   */
  public void apply(float[] magnitude, float[] mel, int offset) {
    for (int m = 0; m < rows.length; m++) {
      float[] row = rows[m];
      int first = start[m];
      float sum = 0;
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * magnitude[first + i];
      }
      mel[offset + m] = sum;
    }
  }

  /**
   * Mel values of every frame.
   *
   * @param magnitude row-major {@code [time, bins()]}
   * @return row-major {@code [time, nMels()]}
   * @throws ShapeException if the array is not a whole number of frames
   */
  public float[] apply(float[] magnitude) {
    if (magnitude.length % bins != 0) {
      throw new ShapeException(
          "mel filter bank: expected a multiple of %d bins, found %d values"
              .formatted(bins, magnitude.length));
    }
    int time = magnitude.length / bins;
    float[] mel = new float[Math.multiplyExact(time, nMels())];
    for (int t = 0; t < time; t++) {
      apply(Arrays.copyOfRange(magnitude, t * bins, (t + 1) * bins), mel, t * nMels());
    }
    return mel;
  }

  /** The filters as a full matrix, row-major {@code [n_mels, bins]}. */
  public float[] toArray() {
    float[] matrix = new float[Math.multiplyExact(nMels(), bins)];
    for (int m = 0; m < rows.length; m++) {
      System.arraycopy(rows[m], 0, matrix, m * bins + start[m], rows[m].length);
    }
    return matrix;
  }

  /**
   * The Moore–Penrose inverse, which leads from mel values back to the shortest magnitudes that
   * have them: W⁺ = Wᵀ·(W·Wᵀ)⁺. Some of those magnitudes are negative; users clamp them at 0.
   *
   * @return row-major {@code [bins, n_mels]}
   */
  public float[] pseudoInverse() {
    RealMatrix gram = new Array2DRowRealMatrix(nMels(), nMels());
    for (int a = 0; a < nMels(); a++) {
      for (int b = a; b < nMels(); b++) {
        double product = product(a, b);
        gram.setEntry(a, b, product);
        gram.setEntry(b, a, product);
      }
    }
    RealMatrix gramInverse = pseudoInverse(gram);
    double[] sum = new double[Math.multiplyExact(bins, nMels())];
    for (int m = 0; m < rows.length; m++) {
      double[] inverseRow = gramInverse.getRow(m);
      for (int i = 0; i < rows[m].length; i++) {
        int to = (start[m] + i) * nMels();
        for (int n = 0; n < inverseRow.length; n++) {
          sum[to + n] += rows[m][i] * inverseRow[n];
        }
      }
    }
    float[] inverse = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      inverse[i] = (float) sum[i];
    }
    return inverse;
  }

  /** Of a symmetric matrix without negative eigenvalues. */
  private static RealMatrix pseudoInverse(RealMatrix gram) {
    try {
      return new CholeskyDecomposition(gram).getSolver().getInverse();
    } catch (NonPositiveDefiniteMatrixException dependentFilters) {
      // Filters that rest on the same bin; some twenty times slower, so only where it must be.
      return new SingularValueDecomposition(gram).getSolver().getInverse();
    }
  }

  private double product(int a, int b) {
    int first = Math.max(start[a], start[b]);
    int end = Math.min(start[a] + rows[a].length, start[b] + rows[b].length);
    double sum = 0;
    for (int k = first; k < end; k++) {
      sum += (double) rows[a][k - start[a]] * rows[b][k - start[b]];
    }
    return sum;
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }

  private static double hertz(double mel) {
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }
}
