package dev.spectron.vocoder.griffinlim;

import dev.spectron.core.signal.ComplexSpectrogram;

/**
 * First phases for Griffin–Lim in one pass over the frames: every peak of a spectrum is a sinusoid,
 * its frequency read from a parabola through three bins; from frame to frame its phase moves on by
 * what that frequency turns in one hop, and the bins around it, down to the valleys on either side,
 * share its phase. Nothing is left to chance. Source: Beauregard, Harish and Wyse 2015, single pass
 * spectrogram inversion.
 *
 * @param bins frequencies of a frame
 * @param hopLength samples between frames
 */
record PeakPhases(int bins, int hopLength) {
  /**
   * The magnitudes with these phases.
   *
   * @param magnitude row-major {@code [time, bins]}, each at least 0
   */
  ComplexSpectrogram start(float[] magnitude) {
    return start(magnitude, new ComplexSpectrogram(bins, new float[0], new float[0]));
  }

  /**
   * The magnitudes with the phases of a signal as far as it is known, and from there on with these.
   *
   * @param magnitude row-major {@code [time, bins]}, each at least 0
   * @param known the first frames, at most {@code time}
   */
  ComplexSpectrogram start(float[] magnitude, ComplexSpectrogram known) {
    float[] re = new float[magnitude.length];
    float[] im = new float[magnitude.length];
    double[] phase = new double[bins];
    for (int first = 0; first < magnitude.length; first += bins) {
      if (first < known.re().length) {
        read(known, first, phase);
      } else {
        moveOn(magnitude, first, phase);
      }
      turn(magnitude, first, phase, re, im);
    }
    return new ComplexSpectrogram(bins, re, im);
  }

  /** As {@link #turn} writes them: around the middle of the window. */
  private static void read(ComplexSpectrogram known, int first, double[] phase) {
    for (int k = 0; k < phase.length; k++) {
      double fromStart = Math.atan2(known.im()[first + k], known.re()[first + k]);
      phase[k] = k % 2 == 0 ? fromStart : fromStart + Math.PI;
    }
  }

  /** From the phases of the last frame, around the middle of its window, to those of this one. */
  private void moveOn(float[] magnitude, int first, double[] phase) {
    double turnPerBin = Math.PI * hopLength / (bins - 1);
    int lower = 0;
    int peak = nextPeak(magnitude, first, 0);
    while (peak < bins) {
      int next = nextPeak(magnitude, first, peak + 1);
      int upper = next < bins ? valley(magnitude, first, peak, next) : bins - 1;
      double moved = phase[peak] + turnPerBin * (peak + offset(magnitude, first, peak));
      moved = Math.IEEEremainder(moved, 2 * Math.PI);
      for (int k = lower; k <= upper; k++) {
        phase[k] = moved;
      }
      lower = upper + 1;
      peak = next;
    }
  }

  /** The first peak at or above {@code from}, or {@code bins}; a plateau counts where it begins. */
  private int nextPeak(float[] magnitude, int first, int from) {
    for (int k = from; k < bins; k++) {
      boolean rises = k == 0 || magnitude[first + k] > magnitude[first + k - 1];
      boolean falls = k == bins - 1 || magnitude[first + k] >= magnitude[first + k + 1];
      if (rises && falls) {
        return k;
      }
    }
    return bins;
  }

  private static int valley(float[] magnitude, int first, int peak, int next) {
    int lowest = peak;
    for (int k = peak; k < next; k++) {
      if (magnitude[first + k] < magnitude[first + lowest]) {
        lowest = k;
      }
    }
    return lowest;
  }

  /** Where between its neighbours the peak stands: the top of the parabola, −½ to ½ bin. */
  private double offset(float[] magnitude, int first, int peak) {
    if (peak == 0 || peak == bins - 1) {
      return 0;
    }
    double left = magnitude[first + peak - 1];
    double right = magnitude[first + peak + 1];
    double curvature = left - 2.0 * magnitude[first + peak] + right;
    return curvature == 0 ? 0 : Math.clamp(0.5 * (left - right) / curvature, -0.5, 0.5);
  }

  private void turn(float[] magnitude, int first, double[] phase, float[] re, float[] im) {
    float cos = 1;
    float sin = 0;
    for (int k = 0; k < bins; k++) {
      if (k == 0 || phase[k] != phase[k - 1]) {
        cos = (float) Math.cos(phase[k]);
        sin = (float) Math.sin(phase[k]);
      }
      // The transform counts time from the start of its frame, half a frame before the middle of
      // the window: half a turn a bin.
      float value = k % 2 == 0 ? magnitude[first + k] : -magnitude[first + k];
      re[first + k] = value * cos;
      im[first + k] = value * sin;
    }
  }
}
