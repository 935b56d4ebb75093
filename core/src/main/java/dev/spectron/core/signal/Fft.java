package dev.spectron.core.signal;

/**
 * Discrete Fourier transform of real signals whose size is a power of two: X[k] = Σ x[t]·e^(−2πi·kt
 * / n), k = 0 … n / 2. Even and odd samples are the parts of one complex signal of half the size,
 * whose spectrum is then split. Immutable: one instance serves any number of threads, each with its
 * own {@link Workspace}.
 */
public final class Fft {
  private static final int LARGEST = 1 << 24;

  private final int size;
  private final ComplexFft complex;
  private final float[] splitCos;
  private final float[] splitSin;

  /**
   * Computes the tables.
   *
   * @param size samples of one transform, a power of two from 2 to 2²⁴
   */
  public Fft(int size) {
    if (size < 2 || size > LARGEST || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "fft: expected a power of two from 2 to " + LARGEST + ", found size " + size);
    }
    this.size = size;
    this.complex = new ComplexFft(size / 2);
    this.splitCos = new float[size / 4 + 1];
    this.splitSin = new float[size / 4 + 1];
    for (int k = 0; k < splitCos.length; k++) {
      double angle = 2 * Math.PI * k / size;
      splitCos[k] = (float) Math.cos(angle);
      splitSin[k] = (float) Math.sin(angle);
    }
  }

  /** Samples of one transform. */
  public int size() {
    return size;
  }

  /** Frequencies of one transform: size / 2 + 1. */
  public int bins() {
    return size / 2 + 1;
  }

  /** Scratch memory for one thread. */
  public Workspace workspace() {
    return new Workspace(size / 2);
  }

  /**
   * The spectrum of {@code time}.
   *
   * @param time at least {@link #size()} samples; not changed
   * @param re real parts, {@link #bins()} values written
   * @param im imaginary parts, {@link #bins()} values written; may not be {@code re}
   * @param workspace of this transform, used by no other thread meanwhile
   */
  public void forward(float[] time, float[] re, float[] im, Workspace workspace) {
    int half = size / 2;
    complex.transform(time, workspace);
    float[] zr = workspace.re;
    float[] zi = workspace.im;
    re[0] = zr[0] + zi[0];
    im[0] = 0;
    re[half] = zr[0] - zi[0];
    im[half] = 0;
    for (int k = 1; k <= half / 2; k++) {
      int mirror = half - k;
      float evenRe = 0.5f * (zr[k] + zr[mirror]);
      float evenIm = 0.5f * (zi[k] - zi[mirror]);
      float oddRe = 0.5f * (zi[k] + zi[mirror]);
      float oddIm = 0.5f * (zr[mirror] - zr[k]);
      float turnedRe = splitCos[k] * oddRe + splitSin[k] * oddIm;
      float turnedIm = splitCos[k] * oddIm - splitSin[k] * oddRe;
      re[k] = evenRe + turnedRe;
      im[k] = evenIm + turnedIm;
      re[mirror] = evenRe - turnedRe;
      im[mirror] = turnedIm - evenIm;
    }
  }

  /**
   * The signal whose spectrum is given, scaled so that it undoes {@link #forward}. The imaginary
   * parts of the first and last bin are ignored: a real signal has none.
   *
   * @param re real parts, {@link #bins()} values; not changed
   * @param im imaginary parts, {@link #bins()} values; not changed
   * @param time {@link #size()} samples written
   * @param workspace of this transform, used by no other thread meanwhile
   */
  public void inverse(float[] re, float[] im, float[] time, Workspace workspace) {
    int half = size / 2;
    float scale = 0.5f / half;
    // The inverse of a complex transform is the transform with both parts exchanged on either side:
    // the imaginary part stands first in z.
    float[] z = workspace.z;
    z[0] = scale * (re[0] - re[half]);
    z[1] = scale * (re[0] + re[half]);
    for (int k = 1; k <= half / 2; k++) {
      int mirror = half - k;
      float evenRe = scale * (re[k] + re[mirror]);
      float evenIm = scale * (im[k] - im[mirror]);
      float turnedRe = scale * (re[k] - re[mirror]);
      float turnedIm = scale * (im[k] + im[mirror]);
      float oddRe = splitCos[k] * turnedRe - splitSin[k] * turnedIm;
      float oddIm = splitCos[k] * turnedIm + splitSin[k] * turnedRe;
      z[2 * k] = evenIm + oddRe;
      z[2 * k + 1] = evenRe - oddIm;
      z[2 * mirror] = oddRe - evenIm;
      z[2 * mirror + 1] = evenRe + oddIm;
    }
    complex.transform(z, workspace);
    for (int k = 0; k < half; k++) {
      time[2 * k] = workspace.im[k];
      time[2 * k + 1] = workspace.re[k];
    }
  }

  /** Scratch memory of one transform; not for use by two threads at a time. */
  public static final class Workspace {
    final float[] re;
    final float[] im;
    final float[] otherRe;
    final float[] otherIm;
    private final float[] z;

    private Workspace(int half) {
      this.z = new float[2 * half];
      this.re = new float[half];
      this.im = new float[half];
      this.otherRe = new float[half];
      this.otherIm = new float[half];
    }
  }
}
