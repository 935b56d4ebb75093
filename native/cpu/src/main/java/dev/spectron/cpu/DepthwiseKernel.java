package dev.spectron.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Convolution in time of each channel by itself: a vector holds adjacent channels, a tile four
 * frames of them, so that a tap's weights are read once for four frames.
 */
final class DepthwiseKernel {
  private static final int FRAMES = 4;

  private DepthwiseKernel() {}

  /**
   * y[t, c] = bias[c] + Σ_k x[t + k·step, c]·w[k, c], rows of x {@code x.stride()} apart.
   *
   * @param x one row a frame of y, the first tap's
   * @param tapStep elements from the frame of one tap to that of the next
   * @param weight {@code [taps, channels]}
   * @param bias {@code [channels]}
   * @param y {@code [frames, channels]}
   */
  static void apply(VectorWidth width, Rows x, int tapStep, float[] weight, float[] bias, Rows y) {
    VectorSpecies<Float> f = width.floats();
    int channels = bias.length;
    for (int t = 0; t < y.count(); t += FRAMES) {
      int frames = Math.min(FRAMES, y.count() - t);
      int c = 0;
      for (; c < f.loopBound(channels); c += f.length()) {
        tile(width, x, tapStep, weight, bias, y, t, frames, c);
      }
      for (int i = t; c < channels && i < t + frames; i++) {
        edge(width, x, tapStep, weight, bias, y, i, c);
      }
    }
  }

  /** Up to four frames from {@code t} on; surplus ones repeat the last. */
  private static void tile(
      VectorWidth width,
      Rows rows,
      int tapStep,
      float[] weight,
      float[] bias,
      Rows y,
      int t,
      int frames,
      int c) {
    VectorSpecies<Float> f = width.floats();
    float[] x = rows.data();
    int x0 = rows.at(t) + c;
    int x1 = rows.at(t + Math.min(1, frames - 1)) + c;
    int x2 = rows.at(t + Math.min(2, frames - 1)) + c;
    int x3 = rows.at(t + frames - 1) + c;
    FloatVector y0 = FloatVector.fromArray(f, bias, c);
    FloatVector y1 = y0;
    FloatVector y2 = y0;
    FloatVector y3 = y0;
    int step = 0;
    for (int w = c; w < weight.length; w += bias.length) {
      FloatVector v = FloatVector.fromArray(f, weight, w);
      y0 = FloatVector.fromArray(f, x, x0 + step).fma(v, y0);
      y1 = FloatVector.fromArray(f, x, x1 + step).fma(v, y1);
      y2 = FloatVector.fromArray(f, x, x2 + step).fma(v, y2);
      y3 = FloatVector.fromArray(f, x, x3 + step).fma(v, y3);
      step += tapStep;
    }
    float[] to = y.data();
    y0.intoArray(to, y.at(t) + c);
    y1.intoArray(to, y.at(t + Math.min(1, frames - 1)) + c);
    y2.intoArray(to, y.at(t + Math.min(2, frames - 1)) + c);
    y3.intoArray(to, y.at(t + frames - 1) + c);
  }

  /** The channels of one frame that do not fill a vector. */
  private static void edge(
      VectorWidth width,
      Rows rows,
      int tapStep,
      float[] weight,
      float[] bias,
      Rows y,
      int t,
      int c) {
    VectorSpecies<Float> f = width.floats();
    VectorMask<Float> rest = f.indexInRange(c, bias.length);
    FloatVector sum = FloatVector.fromArray(f, bias, c, rest);
    int from = rows.at(t) + c;
    for (int w = c; w < weight.length; w += bias.length) {
      FloatVector v = FloatVector.fromArray(f, weight, w, rest);
      sum = FloatVector.fromArray(f, rows.data(), from, rest).fma(v, sum);
      from += tapStep;
    }
    sum.intoArray(y.data(), y.at(t) + c, rest);
  }
}
