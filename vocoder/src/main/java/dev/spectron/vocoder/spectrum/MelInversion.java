package dev.spectron.vocoder.spectrum;

import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.MelFilterBank;
import java.util.Arrays;

/**
 * From mel values b back to magnitudes x ≥ 0 with W·x = b, W being the mel filter bank. Each step
 * is x ← x ⊙ Wᵀ(b / W·x) / Wᵀ1, which keeps x positive and lowers the Kullback–Leibler divergence
 * between b and W·x; the first x is Wᵀ(b / W·1) / Wᵀ1, the smoothest there is. The pseudo-inverse
 * has negative values, and clamping them costs more than this does. Source: Richardson 1972; Lucy
 * 1974. Immutable and thread-safe.
 */
public final class MelInversion {
  /**
   * By then mel values hold within 0.1 % on speech, and the phases are far more wrong than that.
   */
  private static final int STEPS = 16;

  private static final float TINY = 1e-12f;

  private final int bins;
  private final Filter[] filters;
  private final float[] share;
  private final double floor;
  private final double largest;

  /** A row of W: its first bin, its weights and their sum. */
  private record Filter(int start, float[] weights, float sum) {}

  /** For the filters of {@code spec}. */
  public MelInversion(FeatureSpec spec) {
    MelFilterBank bank = new MelFilterBank(spec);
    float[] matrix = bank.toArray();
    this.bins = bank.bins();
    this.filters = new Filter[spec.nMels()];
    float[] columnSum = new float[bins];
    for (int m = 0; m < filters.length; m++) {
      filters[m] = filter(Arrays.copyOfRange(matrix, m * bins, (m + 1) * bins), columnSum);
    }
    this.share = new float[bins];
    for (int k = 0; k < bins; k++) {
      share[k] = columnSum[k] > 0 ? 1 / columnSum[k] : 0;
    }
    // A hair above the floor, where rounding cannot tell a value from the floor itself.
    this.floor = spec.floor() * 1.001;
    this.largest = (double) spec.winLength() * bins;
  }

  private static Filter filter(float[] row, float[] columnSum) {
    int start = 0;
    while (start < row.length && row[start] == 0) {
      start++;
    }
    int end = row.length;
    while (end > start && row[end - 1] == 0) {
      end--;
    }
    float sum = 0;
    for (int k = start; k < end; k++) {
      sum += row[k];
      columnSum[k] += row[k];
    }
    return new Filter(start, Arrays.copyOfRange(row, start, end), sum);
  }

  /** Frequencies of a frame: nFft / 2 + 1. */
  public int bins() {
    return bins;
  }

  /**
   * Mel magnitudes: exp of the logarithms, 0 at the floor, at most what samples in [−1, 1] can
   * have.
   *
   * @param logMel finite values
   * @return row-major {@code [time, n_mels]}
   */
  public float[] mel(LogMel logMel) {
    float[] mel = new float[logMel.frames().length];
    for (int i = 0; i < mel.length; i++) {
      double value = Math.exp(logMel.frames()[i]);
      mel[i] = value <= floor ? 0 : (float) Math.min(value, largest);
    }
    return mel;
  }

  /**
   * Magnitudes whose mel values are those given.
   *
   * @param mel row-major {@code [time, n_mels]}, each at least 0
   * @return row-major {@code [time, bins()]}, each at least 0
   * @throws CapacityException if they do not fit one array
   */
  public float[] magnitude(float[] mel) {
    int time = mel.length / filters.length;
    if ((long) time * bins > Integer.MAX_VALUE - 16) {
      throw new CapacityException(
          "vocoder: %d frames of %d bins do not fit one array; synthesize shorter pieces"
              .formatted(time, bins));
    }
    float[] magnitude = new float[time * bins];
    float[] ratio = new float[filters.length];
    float[] factor = new float[bins];
    for (int t = 0; t < time; t++) {
      for (int m = 0; m < ratio.length; m++) {
        ratio[m] = mel[t * ratio.length + m] / Math.max(filters[m].sum, TINY);
      }
      spread(ratio, factor);
      System.arraycopy(factor, 0, magnitude, t * bins, bins);
    }
    for (int i = 0; i < STEPS; i++) {
      refine(magnitude, mel);
    }
    return magnitude;
  }

  /**
   * One step: scales magnitudes towards those whose mel values are given and leaves their detail
   * within a filter alone.
   *
   * @param magnitude row-major {@code [time, bins()]}, changed in place
   * @param mel row-major {@code [time, n_mels]}
   */
  public void refine(float[] magnitude, float[] mel) {
    float[] ratio = new float[filters.length];
    float[] factor = new float[bins];
    for (int t = 0; t < magnitude.length / bins; t++) {
      int first = t * bins;
      for (int m = 0; m < ratio.length; m++) {
        ratio[m] = mel[t * ratio.length + m] / Math.max(filtered(magnitude, first, m), TINY);
      }
      spread(ratio, factor);
      for (int k = 0; k < bins; k++) {
        magnitude[first + k] *= factor[k];
      }
    }
  }

  private float filtered(float[] magnitude, int first, int m) {
    float[] weights = filters[m].weights;
    int from = first + filters[m].start;
    float sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * magnitude[from + i];
    }
    return sum;
  }

  /** Wᵀ·values / Wᵀ1: at each bin the mean over the filters that hold it. */
  private void spread(float[] values, float[] mean) {
    Arrays.fill(mean, 0);
    for (int m = 0; m < values.length; m++) {
      float[] weights = filters[m].weights;
      int from = filters[m].start;
      for (int i = 0; i < weights.length; i++) {
        mean[from + i] += weights[i] * values[m];
      }
    }
    for (int k = 0; k < bins; k++) {
      mean[k] *= share[k];
    }
  }
}
