package dev.spectron.audio;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.Waveform;

/**
 * Changes the rate of a waveform by L / M in lowest terms with a windowed sinc: output n is Σ
 * x[i]·h(i − n·M / L), in which h is a low pass that ends at half the lower of both rates, 64 zero
 * crossings to either side under a Kaiser window (β = 10.06, 100 dB). What lies below 0.9 of that
 * end passes unchanged, what lies above the end is gone. No delay: output 0 lies on input 0.
 * Immutable and thread-safe.
 */
public final class Resampler {
  private static final int CROSSINGS = 64;
  private static final int STEPS =
      1024; // of the table between crossings: −118 dB when interpolated
  private static final double CUTOFF = 0.95; // middle of the transition band 0.9 to 1
  private static final double BETA = 10.06;
  private static final int LARGEST_BANK = 1 << 22;
  private static final float[] PROTOTYPE = prototype();

  private final int from;
  private final int to;
  private final int up;
  private final int down;
  private final double scale;
  private final int reach;
  private final float[][] bank;

  /**
   * Prepares the filters.
   *
   * @param from rate of the input, Hz, above 0
   * @param to rate of the output, Hz, above 0
   */
  public Resampler(int from, int to) {
    if (from < 1 || to < 1) {
      throw new IllegalArgumentException(
          "resampler: expected positive rates, found " + from + " Hz to " + to + " Hz");
    }
    int divisor = greatestCommonDivisor(from, to);
    this.from = from;
    this.to = to;
    this.up = to / divisor;
    this.down = from / divisor;
    this.scale = Math.min(1, to / (double) from);
    this.reach = (int) Math.ceil(CROSSINGS / scale);
    this.bank = (long) up * 2 * reach <= LARGEST_BANK ? new float[up][2 * reach] : new float[0][];
    for (int phase = 0; phase < bank.length; phase++) {
      fill(bank[phase], phase);
    }
  }

  /** The waveform at another rate; itself if it has that rate. */
  public static Waveform resample(Waveform waveform, int rate) {
    return waveform.sampleRate() == rate
        ? waveform
        : new Resampler(waveform.sampleRate(), rate).resample(waveform);
  }

  /**
   * The waveform at the output rate.
   *
   * @param waveform at the input rate, finite samples
   * @return ⌈samples · to / from⌉ samples
   * @throws AudioException if the rate differs from the input rate or the result is too long
   */
  public Waveform resample(Waveform waveform) {
    if (waveform.sampleRate() != from) {
      throw new AudioException(
          "resampler: expected %d Hz, found %d Hz; make one for that rate"
              .formatted(from, waveform.sampleRate()));
    }
    float[] x = waveform.samples();
    if (up == down) {
      return waveform;
    }
    long length = Math.ceilDiv((long) x.length * up, down);
    if (length > Integer.MAX_VALUE - 16) {
      throw new AudioException(
          "resampler: %d samples at %d Hz make %d at %d Hz, too many; cut the recording into pieces"
              .formatted(x.length, from, length, to),
          ErrorCode.AUDIO_TOO_LONG);
    }
    float[] y = new float[(int) length];
    float[] own = bank.length == 0 ? new float[2 * reach] : new float[0];
    for (int n = 0; n < y.length; n++) {
      long position = (long) n * down;
      int first = (int) (position / up) - reach + 1;
      int phase = (int) (position % up);
      y[n] = dot(x, first, coefficients(phase, own));
    }
    return new Waveform(y, to);
  }

  /** Outputs for every {@link #down} inputs. */
  int up() {
    return up;
  }

  int down() {
    return down;
  }

  /** Inputs that an output needs to either side of its place. */
  int reach() {
    return reach;
  }

  private float[] coefficients(int phase, float[] own) {
    if (bank.length > 0) {
      return bank[phase];
    }
    fill(own, phase);
    return own;
  }

  /** Filter for an output {@code phase / up} of an input sample behind input reach − 1. */
  private void fill(float[] row, int phase) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double distance = (i - (reach - 1) - phase / (double) up) * scale;
      row[i] = kernel(Math.abs(distance));
      sum += row[i];
    }
    float gain = (float) (1 / sum); // constant input gives the same constant in every phase
    for (int i = 0; i < row.length; i++) {
      row[i] *= gain;
    }
  }

  private static float dot(float[] x, int first, float[] row) {
    int start = Math.max(0, -first);
    int end = Math.min(row.length, x.length - first);
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = start;
    for (; i + 4 <= end; i += 4) {
      a += row[i] * x[first + i];
      b += row[i + 1] * x[first + i + 1];
      c += row[i + 2] * x[first + i + 2];
      d += row[i + 3] * x[first + i + 3];
    }
    for (; i < end; i++) {
      a += row[i] * x[first + i];
    }
    return (a + b) + (c + d);
  }

  private static float kernel(double crossings) {
    double at = crossings * STEPS;
    int index = (int) at;
    if (index >= PROTOTYPE.length - 1) {
      return 0;
    }
    float share = (float) (at - index);
    return PROTOTYPE[index] + share * (PROTOTYPE[index + 1] - PROTOTYPE[index]);
  }

  private static float[] prototype() {
    float[] table = new float[CROSSINGS * STEPS + 1];
    double norm = bessel(BETA);
    for (int i = 0; i < table.length; i++) {
      double x = i / (double) STEPS;
      double edge = x / CROSSINGS;
      double window = bessel(BETA * Math.sqrt(1 - edge * edge)) / norm;
      double angle = Math.PI * CUTOFF * x;
      table[i] = (float) (window * (i == 0 ? 1 : Math.sin(angle) / angle));
    }
    return table;
  }

  /** I₀, the modified Bessel function of the first kind and order 0, by its power series. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
      term *= (x / (2 * k)) * (x / (2 * k));
      sum += term;
    }
    return sum;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
