package dev.spectron.core.signal;

/**
 * Forward transform of complex signals, Z[k] = Σ z[t]·e^(−2πi·kt / n), in the autosorting form of
 * Stockham: each pass reads {@code stride} interleaved transforms of some length and writes four
 * times as many of a quarter of that length, until the order is natural. Immutable.
 *
 * <p>Real and imaginary parts lie in arrays of their own between the passes, and every index is a
 * loop counter times a constant plus an invariant: then the compiler drops the bounds checks. The
 * first pass, whose stride is 1, loops over the points; the others over the interleaved transforms.
 */
final class ComplexFft {
  private final int size;
  private final float[][] twiddles;

  /** For {@code size} points, a power of two. */
  ComplexFft(int size) {
    this.size = size;
    this.twiddles = new float[Integer.numberOfTrailingZeros(size) / 2][];
    for (int pass = 0; pass < twiddles.length; pass++) {
      twiddles[pass] = twiddles(size >> (2 * pass));
    }
  }

  /** cos and sin of the angles p, 2p and 3p, for p = 0 … length / 4 − 1. */
  private static float[] twiddles(int length) {
    float[] table = new float[6 * (length / 4)];
    for (int p = 0; p < length / 4; p++) {
      for (int power = 1; power <= 3; power++) {
        double angle = 2 * Math.PI * power * p / length;
        table[6 * p + 2 * power - 2] = (float) Math.cos(angle);
        table[6 * p + 2 * power - 1] = (float) Math.sin(angle);
      }
    }
    return table;
  }

  /**
   * Transforms; the result is in {@code workspace.re} and {@code workspace.im}.
   *
   * @param z real and imaginary parts in turn; not changed
   */
  void transform(float[] z, Fft.Workspace workspace) {
    boolean odd = Integer.numberOfTrailingZeros(size) % 2 == 1;
    int passes = Math.max(1, twiddles.length + (odd ? 1 : 0));
    float[] re = passes % 2 == 1 ? workspace.re : workspace.otherRe;
    float[] im = passes % 2 == 1 ? workspace.im : workspace.otherIm;
    float[] toRe = passes % 2 == 1 ? workspace.otherRe : workspace.re;
    float[] toIm = passes % 2 == 1 ? workspace.otherIm : workspace.im;
    firstPass(z, re, im);
    for (int pass = 1; pass < passes; pass++) {
      if (pass < twiddles.length) {
        pass(1 << (2 * pass), twiddles[pass], re, im, toRe, toIm);
      } else {
        pairs(re, im, toRe, toIm);
      }
      float[] swap = re;
      re = toRe;
      toRe = swap;
      swap = im;
      im = toIm;
      toIm = swap;
    }
  }

  private void firstPass(float[] z, float[] toRe, float[] toIm) {
    if (size < 4) {
      points(z, toRe, toIm);
      return;
    }
    float[] w = twiddles[0];
    int half = size / 2;
    for (int p = 0; p < size / 4; p++) {
      float aRe = z[2 * p];
      float aIm = z[2 * p + 1];
      float bRe = z[2 * p + half];
      float bIm = z[2 * p + half + 1];
      float cRe = z[2 * p + 2 * half];
      float cIm = z[2 * p + 2 * half + 1];
      float dRe = z[2 * p + 3 * half];
      float dIm = z[2 * p + 3 * half + 1];
      float sumAcRe = aRe + cRe;
      float sumAcIm = aIm + cIm;
      float lessAcRe = aRe - cRe;
      float lessAcIm = aIm - cIm;
      float sumBdRe = bRe + dRe;
      float sumBdIm = bIm + dIm;
      float lessBdRe = bRe - dRe;
      float lessBdIm = bIm - dIm;
      float x1Re = lessAcRe + lessBdIm;
      float x1Im = lessAcIm - lessBdRe;
      float x2Re = sumAcRe - sumBdRe;
      float x2Im = sumAcIm - sumBdIm;
      float x3Re = lessAcRe - lessBdIm;
      float x3Im = lessAcIm + lessBdRe;
      toRe[4 * p] = sumAcRe + sumBdRe;
      toIm[4 * p] = sumAcIm + sumBdIm;
      toRe[4 * p + 1] = w[6 * p] * x1Re + w[6 * p + 1] * x1Im;
      toIm[4 * p + 1] = w[6 * p] * x1Im - w[6 * p + 1] * x1Re;
      toRe[4 * p + 2] = w[6 * p + 2] * x2Re + w[6 * p + 3] * x2Im;
      toIm[4 * p + 2] = w[6 * p + 2] * x2Im - w[6 * p + 3] * x2Re;
      toRe[4 * p + 3] = w[6 * p + 4] * x3Re + w[6 * p + 5] * x3Im;
      toIm[4 * p + 3] = w[6 * p + 4] * x3Im - w[6 * p + 5] * x3Re;
    }
  }

  /** The first pass of one or two points. */
  private void points(float[] z, float[] toRe, float[] toIm) {
    toRe[0] = z[0];
    toIm[0] = z[1];
    if (size == 2) {
      toRe[0] += z[2];
      toIm[0] += z[3];
      toRe[1] = z[0] - z[2];
      toIm[1] = z[1] - z[3];
    }
  }

  private void pass(int stride, float[] w, float[] re, float[] im, float[] toRe, float[] toIm) {
    plainButterflies(stride, re, im, toRe, toIm);
    for (int p = 1; p < size / 4 / stride; p++) {
      butterflies(p, stride, w, re, im, toRe, toIm);
    }
  }

  /** Those of p = 0, whose twiddles are 1. */
  private void plainButterflies(int stride, float[] re, float[] im, float[] toRe, float[] toIm) {
    int quarter = size / 4;
    for (int q = 0; q < stride; q++) {
      float sumAcRe = re[q] + re[q + 2 * quarter];
      float sumAcIm = im[q] + im[q + 2 * quarter];
      float lessAcRe = re[q] - re[q + 2 * quarter];
      float lessAcIm = im[q] - im[q + 2 * quarter];
      float sumBdRe = re[q + quarter] + re[q + 3 * quarter];
      float sumBdIm = im[q + quarter] + im[q + 3 * quarter];
      float lessBdRe = re[q + quarter] - re[q + 3 * quarter];
      float lessBdIm = im[q + quarter] - im[q + 3 * quarter];
      toRe[q] = sumAcRe + sumBdRe;
      toIm[q] = sumAcIm + sumBdIm;
      toRe[q + stride] = lessAcRe + lessBdIm;
      toIm[q + stride] = lessAcIm - lessBdRe;
      toRe[q + 2 * stride] = sumAcRe - sumBdRe;
      toIm[q + 2 * stride] = sumAcIm - sumBdIm;
      toRe[q + 3 * stride] = lessAcRe - lessBdIm;
      toIm[q + 3 * stride] = lessAcIm + lessBdRe;
    }
  }

  private void butterflies(
      int p, int stride, float[] w, float[] re, float[] im, float[] toRe, float[] toIm) {
    float c1 = w[6 * p];
    float s1 = w[6 * p + 1];
    float c2 = w[6 * p + 2];
    float s2 = w[6 * p + 3];
    float c3 = w[6 * p + 4];
    float s3 = w[6 * p + 5];
    int quarter = size / 4;
    int from = stride * p;
    int to = 4 * stride * p;
    for (int q = 0; q < stride; q++) {
      float aRe = re[from + q];
      float aIm = im[from + q];
      float bRe = re[from + q + quarter];
      float bIm = im[from + q + quarter];
      float cRe = re[from + q + 2 * quarter];
      float cIm = im[from + q + 2 * quarter];
      float dRe = re[from + q + 3 * quarter];
      float dIm = im[from + q + 3 * quarter];
      float sumAcRe = aRe + cRe;
      float sumAcIm = aIm + cIm;
      float lessAcRe = aRe - cRe;
      float lessAcIm = aIm - cIm;
      float sumBdRe = bRe + dRe;
      float sumBdIm = bIm + dIm;
      float lessBdRe = bRe - dRe;
      float lessBdIm = bIm - dIm;
      float x1Re = lessAcRe + lessBdIm;
      float x1Im = lessAcIm - lessBdRe;
      float x2Re = sumAcRe - sumBdRe;
      float x2Im = sumAcIm - sumBdIm;
      float x3Re = lessAcRe - lessBdIm;
      float x3Im = lessAcIm + lessBdRe;
      toRe[to + q] = sumAcRe + sumBdRe;
      toIm[to + q] = sumAcIm + sumBdIm;
      toRe[to + q + stride] = c1 * x1Re + s1 * x1Im;
      toIm[to + q + stride] = c1 * x1Im - s1 * x1Re;
      toRe[to + q + 2 * stride] = c2 * x2Re + s2 * x2Im;
      toIm[to + q + 2 * stride] = c2 * x2Im - s2 * x2Re;
      toRe[to + q + 3 * stride] = c3 * x3Re + s3 * x3Im;
      toIm[to + q + 3 * stride] = c3 * x3Im - s3 * x3Re;
    }
  }

  private void pairs(float[] re, float[] im, float[] toRe, float[] toIm) {
    int half = size / 2;
    for (int q = 0; q < half; q++) {
      toRe[q] = re[q] + re[q + half];
      toIm[q] = im[q] + im[q + half];
      toRe[q + half] = re[q] - re[q + half];
      toIm[q + half] = im[q] - im[q + half];
    }
  }
}
