package dev.spectron.core.signal;

import dev.spectron.core.error.ShapeException;
import java.util.Arrays;

/**
 * Short-time Fourier transform with centred frames: frame {@code t} is the signal around sample
 * {@code t · hopLength}, reflected at both ends, times a periodic Hann window that stands in the
 * middle of {@code nFft} samples. A signal too short to be reflected once is reflected again and
 * again; an empty signal has one silent frame. Immutable and thread-safe.
 *
 * <p>The inverse is the least-squares signal of Griffin and Lim 1984, equation 6: overlap-add of
 * windowed frames over the sum of squared windows.
 */
public final class Stft {
  private final Fft fft;
  private final float[] window;
  private final int windowStart;
  private final int hopLength;

  /**
   * Prepares the tables.
   *
   * @param nFft FFT size, a power of two
   * @param winLength window, samples, 1 to {@code nFft}
   * @param hopLength samples between frames, 1 to {@code winLength}
   */
  public Stft(int nFft, int winLength, int hopLength) {
    if (winLength < 1 || winLength > nFft || hopLength < 1 || hopLength > winLength) {
      throw new IllegalArgumentException(
          "stft: expected 1 <= hop_length <= win_length <= n_fft, found %d, %d, %d"
              .formatted(hopLength, winLength, nFft));
    }
    this.fft = new Fft(nFft);
    this.window = periodicHann(winLength);
    this.windowStart = (nFft - winLength) / 2;
    this.hopLength = hopLength;
  }

  /** With the sizes of {@code spec}. */
  public Stft(FeatureSpec spec) {
    this(spec.nFft(), spec.winLength(), spec.hopLength());
  }

  /** Frequencies of a frame: nFft / 2 + 1. */
  public int bins() {
    return fft.bins();
  }

  /** Samples between frames. */
  public int hopLength() {
    return hopLength;
  }

  /** Σ window²: a frame of a signal has this many times the signal's mean power, per frequency. */
  public double windowEnergy() {
    double sum = 0;
    for (float weight : window) {
      sum += (double) weight * weight;
    }
    return sum;
  }

  /** Frames of a signal of {@code samples} samples: 1 + samples / hopLength. */
  public int frames(int samples) {
    return 1 + samples / hopLength;
  }

  /** Scratch memory for one thread; also where {@link #frame} leaves its result. */
  public Workspace workspace() {
    return new Workspace(fft);
  }

  /**
   * The spectrum of one frame, left in {@code workspace.re()} and {@code workspace.im()}.
   *
   * @param samples the whole signal
   * @param index 0 to {@code frames(samples.length) − 1}
   * @param workspace of this transform
   */
  public void frame(float[] samples, int index, Workspace workspace) {
    int first = index * hopLength - fft.size() / 2 + windowStart;
    float[] time = workspace.time;
    Arrays.fill(time, 0, windowStart, 0);
    Arrays.fill(time, windowStart + window.length, time.length, 0);
    if (first >= 0 && first + window.length <= samples.length) {
      for (int i = 0; i < window.length; i++) {
        time[windowStart + i] = window[i] * samples[first + i];
      }
    } else {
      for (int i = 0; i < window.length; i++) {
        time[windowStart + i] = window[i] * reflected(samples, first + i);
      }
    }
    fft.forward(time, workspace.re, workspace.im, workspace.fft);
  }

  /**
   * |X| of one frame.
   *
   * @param samples the whole signal
   * @param index 0 to {@code frames(samples.length) − 1}
   * @param magnitude {@link #bins()} values written
   * @param workspace of this transform
   */
  public void magnitude(float[] samples, int index, float[] magnitude, Workspace workspace) {
    frame(samples, index, workspace);
    float[] re = workspace.re;
    float[] im = workspace.im;
    for (int k = 0; k < re.length; k++) {
      magnitude[k] = (float) Math.sqrt(re[k] * re[k] + im[k] * im[k]);
    }
  }

  /**
   * The complex spectrogram of a signal.
   *
   * @param samples any number, also none
   * @return {@code [frames(samples.length), bins()]}, arrays of its own
   */
  public ComplexSpectrogram transform(float[] samples) {
    int frames = frames(samples.length);
    int length = Math.multiplyExact(frames, bins());
    ComplexSpectrogram spectrogram =
        new ComplexSpectrogram(bins(), new float[length], new float[length]);
    transform(samples, spectrogram, workspace());
    return spectrogram;
  }

  /** {@link #transform(float[])} into existing arrays of the right size. */
  void transform(float[] samples, ComplexSpectrogram to, Workspace workspace) {
    for (int t = 0; t < to.time(); t++) {
      frame(samples, t, workspace);
      System.arraycopy(workspace.re, 0, to.re(), t * bins(), bins());
      System.arraycopy(workspace.im, 0, to.im(), t * bins(), bins());
    }
  }

  /**
   * |X| of every frame.
   *
   * @return row-major {@code [frames(samples.length), bins()]}
   */
  public float[] magnitude(float[] samples) {
    int frames = frames(samples.length);
    float[] magnitude = new float[Math.multiplyExact(frames, bins())];
    float[] one = new float[bins()];
    Workspace workspace = workspace();
    for (int t = 0; t < frames; t++) {
      magnitude(samples, t, one, workspace);
      System.arraycopy(one, 0, magnitude, t * bins(), bins());
    }
    return magnitude;
  }

  /**
   * |X|² of every frame.
   *
   * @return row-major {@code [frames(samples.length), bins()]}
   */
  public float[] power(float[] samples) {
    float[] power = magnitude(samples);
    for (int i = 0; i < power.length; i++) {
      power[i] *= power[i];
    }
    return power;
  }

  /**
   * The signal whose transform comes closest to a spectrogram.
   *
   * @param spectrogram {@code [time, bins()]}
   * @param samples length of the result, at most what the frames cover: {@code time · hopLength}
   * @throws ShapeException if the bins or the length do not fit
   */
  public float[] inverse(ComplexSpectrogram spectrogram, int samples) {
    if (spectrogram.bins() != bins()
        || samples < 0
        || samples > (long) spectrogram.time() * hopLength) {
      throw new ShapeException(
          "stft inverse: expected %d bins and frames for %d samples, found [%d, %d] at hop %d"
              .formatted(bins(), samples, spectrogram.time(), spectrogram.bins(), hopLength));
    }
    float[] out = new float[samples];
    inverse(spectrogram, out, squaredWindows(spectrogram.time(), samples), workspace());
    return out;
  }

  /** Overlap-add into {@code out}, divided by {@code weight}, as {@link #squaredWindows} gives. */
  void inverse(ComplexSpectrogram from, float[] out, float[] weight, Workspace workspace) {
    Arrays.fill(out, 0);
    for (int t = 0; t < from.time(); t++) {
      System.arraycopy(from.re(), t * bins(), workspace.re, 0, bins());
      System.arraycopy(from.im(), t * bins(), workspace.im, 0, bins());
      fft.inverse(workspace.re, workspace.im, workspace.time, workspace.fft);
      int first = t * hopLength - fft.size() / 2 + windowStart;
      int end = Math.min(window.length, out.length - first);
      for (int i = Math.max(0, -first); i < end; i++) {
        out[first + i] += window[i] * workspace.time[windowStart + i];
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] /= weight[i];
    }
  }

  /** Σ window² at each sample, at least a hair above 0 so that an uncovered sample stays 0. */
  float[] squaredWindows(int frames, int samples) {
    float[] sum = new float[samples];
    for (int t = 0; t < frames; t++) {
      int first = t * hopLength - fft.size() / 2 + windowStart;
      int end = Math.min(window.length, samples - first);
      for (int i = Math.max(0, -first); i < end; i++) {
        sum[first + i] += window[i] * window[i];
      }
    }
    for (int i = 0; i < samples; i++) {
      sum[i] = Math.max(sum[i], 1e-10f);
    }
    return sum;
  }

  private static float reflected(float[] samples, int index) {
    if (samples.length < 2) {
      return samples.length == 0 ? 0 : samples[0];
    }
    int period = 2 * (samples.length - 1);
    int i = Math.floorMod(index, period);
    return samples[Math.min(i, period - i)];
  }

  private static float[] periodicHann(int length) {
    float[] hann = new float[length];
    for (int i = 0; i < length; i++) {
      hann[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / length));
    }
    return hann;
  }

  /** Scratch memory of one transform and its last frame; not for use by two threads at a time. */
  public static final class Workspace {
    private final float[] time;
    private final float[] re;
    private final float[] im;
    private final Fft.Workspace fft;

    private Workspace(Fft fft) {
      this.time = new float[fft.size()];
      this.re = new float[fft.bins()];
      this.im = new float[fft.bins()];
      this.fft = fft.workspace();
    }

    /** Real parts of the last frame; the array itself, overwritten by the next call. */
    public float[] re() {
      return re;
    }

    /** Imaginary parts of the last frame; the array itself, overwritten by the next call. */
    public float[] im() {
      return im;
    }
  }
}
