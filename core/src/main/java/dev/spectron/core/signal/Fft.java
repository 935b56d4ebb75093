package dev.spectron.core.signal;

/**
 * Discrete Fourier transform of real signals whose size is a power of two: X[k] = Σ x[t]·e^(−2πi·kt
 * / n), k = 0 … n / 2. Half-size complex transform in the autosorting form of Stockham with radix
 * 4, real and imaginary parts in arrays of their own so that the inner loops run over contiguous
 * memory. Immutable: one instance serves any number of threads, each with its own {@link
 * Workspace}.
 */
public final class Fft {
  private static final int LARGEST = 1 << 24;

  private final int size;
  private final Stage[] stages;
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
    this.stages = Stage.all(size / 2);
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
    float[] zr = workspace.re;
    float[] zi = workspace.im;
    for (int k = 0; k < half; k++) {
      zr[k] = time[2 * k];
      zi[k] = time[2 * k + 1];
    }
    boolean swapped = transform(zr, zi, workspace.otherRe, workspace.otherIm);
    if (swapped) {
      zr = workspace.otherRe;
      zi = workspace.otherIm;
    }
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
    float[] zr = workspace.re;
    float[] zi = workspace.im;
    float scale = 0.5f / half;
    zr[0] = scale * (re[0] + re[half]);
    zi[0] = scale * (re[0] - re[half]);
    for (int k = 1; k <= half / 2; k++) {
      int mirror = half - k;
      float evenRe = scale * (re[k] + re[mirror]);
      float evenIm = scale * (im[k] - im[mirror]);
      float turnedRe = scale * (re[k] - re[mirror]);
      float turnedIm = scale * (im[k] + im[mirror]);
      float oddRe = splitCos[k] * turnedRe - splitSin[k] * turnedIm;
      float oddIm = splitCos[k] * turnedIm + splitSin[k] * turnedRe;
      zr[k] = evenRe - oddIm;
      zi[k] = evenIm + oddRe;
      zr[mirror] = evenRe + oddIm;
      zi[mirror] = oddRe - evenIm;
    }
    // The inverse of a complex transform is the transform with both parts exchanged on either side.
    boolean swapped = transform(zi, zr, workspace.otherIm, workspace.otherRe);
    if (swapped) {
      zr = workspace.otherRe;
      zi = workspace.otherIm;
    }
    for (int k = 0; k < half; k++) {
      time[2 * k] = zr[k];
      time[2 * k + 1] = zi[k];
    }
  }

  /** Whether the result ended in the other pair of arrays. */
  private boolean transform(float[] re, float[] im, float[] otherRe, float[] otherIm) {
    boolean swapped = false;
    for (Stage stage : stages) {
      if (swapped) {
        stage.run(otherRe, otherIm, re, im);
      } else {
        stage.run(re, im, otherRe, otherIm);
      }
      swapped = !swapped;
    }
    return swapped;
  }

  /** Scratch memory of one transform; not for use by two threads at a time. */
  public static final class Workspace {
    private final float[] re;
    private final float[] im;
    private final float[] otherRe;
    private final float[] otherIm;

    private Workspace(int half) {
      this.re = new float[half];
      this.im = new float[half];
      this.otherRe = new float[half];
      this.otherIm = new float[half];
    }
  }

  /** One pass over the data: {@code stride} interleaved transforms of {@code length} points. */
  private sealed interface Stage {
    void run(float[] re, float[] im, float[] toRe, float[] toIm);

    static Stage[] all(int points) {
      int passes = (Integer.numberOfTrailingZeros(points) + 1) / 2;
      Stage[] stages = new Stage[passes];
      int length = points;
      for (int i = 0; i < passes; i++) {
        stages[i] = length == 2 ? new Radix2(points / 2) : Radix4.of(length, points / length);
        length /= 4;
      }
      return stages;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // private tables, never compared
  private record Radix4(int length, int stride, float[] cos, float[] sin) implements Stage {
    static Radix4 of(int length, int stride) {
      int quarter = length / 4;
      float[] cos = new float[3 * quarter];
      float[] sin = new float[3 * quarter];
      for (int p = 0; p < quarter; p++) {
        for (int power = 1; power <= 3; power++) {
          double angle = 2 * Math.PI * power * p / length;
          cos[3 * p + power - 1] = (float) Math.cos(angle);
          sin[3 * p + power - 1] = (float) Math.sin(angle);
        }
      }
      return new Radix4(length, stride, cos, sin);
    }

    @Override
    public void run(float[] re, float[] im, float[] toRe, float[] toIm) {
      int quarter = length / 4;
      for (int p = 0; p < quarter; p++) {
        butterflies(p, re, im, toRe, toIm);
      }
    }

    private void butterflies(int p, float[] re, float[] im, float[] toRe, float[] toIm) {
      float c1 = cos[3 * p];
      float s1 = sin[3 * p];
      float c2 = cos[3 * p + 1];
      float s2 = sin[3 * p + 1];
      float c3 = cos[3 * p + 2];
      float s3 = sin[3 * p + 2];
      int step = stride * (length / 4);
      int from = stride * p;
      int to = 4 * stride * p;
      for (int q = 0; q < stride; q++) {
        int a = from + q;
        int b = a + step;
        int c = b + step;
        int d = c + step;
        float sumAcRe = re[a] + re[c];
        float sumAcIm = im[a] + im[c];
        float differenceAcRe = re[a] - re[c];
        float differenceAcIm = im[a] - im[c];
        float sumBdRe = re[b] + re[d];
        float sumBdIm = im[b] + im[d];
        float differenceBdRe = re[b] - re[d];
        float differenceBdIm = im[b] - im[d];
        float x1Re = differenceAcRe + differenceBdIm;
        float x1Im = differenceAcIm - differenceBdRe;
        float x2Re = sumAcRe - sumBdRe;
        float x2Im = sumAcIm - sumBdIm;
        float x3Re = differenceAcRe - differenceBdIm;
        float x3Im = differenceAcIm + differenceBdRe;
        int y = to + q;
        toRe[y] = sumAcRe + sumBdRe;
        toIm[y] = sumAcIm + sumBdIm;
        toRe[y + stride] = c1 * x1Re + s1 * x1Im;
        toIm[y + stride] = c1 * x1Im - s1 * x1Re;
        toRe[y + 2 * stride] = c2 * x2Re + s2 * x2Im;
        toIm[y + 2 * stride] = c2 * x2Im - s2 * x2Re;
        toRe[y + 3 * stride] = c3 * x3Re + s3 * x3Im;
        toIm[y + 3 * stride] = c3 * x3Im - s3 * x3Re;
      }
    }
  }

  private record Radix2(int stride) implements Stage {
    @Override
    public void run(float[] re, float[] im, float[] toRe, float[] toIm) {
      for (int q = 0; q < stride; q++) {
        toRe[q] = re[q] + re[q + stride];
        toIm[q] = im[q] + im[q + stride];
        toRe[q + stride] = re[q] - re[q + stride];
        toIm[q + stride] = im[q] - im[q + stride];
      }
    }
  }
}
