package dev.spectron.core.backend;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;

/** Convolutions: every output is one sum over the taps that fall on valid input. */
final class ReferenceConvolution {
  private ReferenceConvolution() {}

  static double[] conv1d(
      double[] x, Shape shape, double[] weight, double[] bias, Conv1dSpec spec, Lengths lengths) {
    int time = shape.size(1);
    int in = shape.size(2);
    int out = bias.length;
    int inPerGroup = in / spec.groups();
    int outPerGroup = out / spec.groups();
    int kernel = spec.kernelSize();
    int outputTime = spec.outputTime(time);
    double[] y = new double[Shape.of(shape.size(0), outputTime, out).arrayLength()];
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      for (int t = 0; t < spec.outputTime(valid); t++) {
        for (int o = 0; o < out; o++) {
          int firstIn = o / outPerGroup * inPerGroup;
          double sum = bias[o];
          for (int k = 0; k < kernel; k++) {
            int s = t * spec.stride() + k * spec.dilation() - spec.padLeft();
            if (s >= 0 && s < valid) {
              int from = (row * time + s) * in + firstIn;
              int w = o * inPerGroup * kernel + k;
              for (int i = 0; i < inPerGroup; i++) {
                sum += x[from + i] * weight[w + i * kernel];
              }
            }
          }
          y[(row * outputTime + t) * out + o] = sum;
        }
      }
    }
    return y;
  }

  static double[] convTranspose1d(
      double[] x,
      Shape shape,
      double[] weight,
      Shape weightShape,
      double[] bias,
      int stride,
      int padding,
      Lengths lengths) {
    int time = shape.size(1);
    int in = shape.size(2);
    int out = bias.length;
    int kernel = weightShape.size(2);
    int outputTime = (time - 1) * stride + kernel - 2 * padding;
    double[] y = new double[Shape.of(shape.size(0), outputTime, out).arrayLength()];
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      int validOutput = valid == 0 ? 0 : (valid - 1) * stride + kernel - 2 * padding;
      for (int t = 0; t < validOutput; t++) {
        System.arraycopy(bias, 0, y, (row * outputTime + t) * out, out);
      }
      for (int s = 0; s < valid; s++) {
        for (int k = 0; k < kernel; k++) {
          int t = s * stride + k - padding;
          if (t >= 0 && t < validOutput) {
            int to = (row * outputTime + t) * out;
            for (int i = 0; i < in; i++) {
              double value = x[(row * time + s) * in + i];
              for (int o = 0; o < out; o++) {
                y[to + o] += value * weight[(i * out + o) * kernel + k];
              }
            }
          }
        }
      }
    }
    return y;
  }

  static double[] conv2d(
      double[] x, Shape shape, double[] weight, double[] bias, Conv2dSpec spec, Lengths lengths) {
    int time = shape.size(1);
    int frequency = shape.size(2);
    int out = bias.length;
    int outputTime = spec.outputTime(time);
    int outputFrequency = spec.outputFrequency(frequency);
    Shape outputShape = Shape.of(shape.size(0), outputTime, outputFrequency, out);
    double[] y = new double[outputShape.arrayLength()];
    for (int row = 0; row < shape.size(0); row++) {
      int valid = lengths.at(row);
      for (int t = 0; t < spec.outputTime(valid); t++) {
        for (int f = 0; f < outputFrequency; f++) {
          int to = ((row * outputTime + t) * outputFrequency + f) * out;
          for (int o = 0; o < out; o++) {
            y[to + o] = bias[o] + tapSum(x, shape, row, valid, t, f, weight, o, out, spec);
          }
        }
      }
    }
    return y;
  }

  /** One output of a two-dimensional convolution, without the bias. */
  private static double tapSum(
      double[] x,
      Shape shape,
      int row,
      int valid,
      int t,
      int f,
      double[] weight,
      int o,
      int out,
      Conv2dSpec spec) {
    int frequency = shape.size(2);
    int in = shape.size(3);
    int kernel = spec.kernelSize();
    int inPerGroup = in / spec.groups();
    int firstIn = o / (out / spec.groups()) * inPerGroup;
    double sum = 0;
    for (int kt = 0; kt < kernel; kt++) {
      int s = t * spec.stride() + kt - spec.padding();
      if (s < 0 || s >= valid) {
        continue;
      }
      for (int kf = 0; kf < kernel; kf++) {
        int g = f * spec.stride() + kf - spec.padding();
        if (g < 0 || g >= frequency) {
          continue;
        }
        int from = ((row * shape.size(1) + s) * frequency + g) * in + firstIn;
        int w = (o * inPerGroup * kernel + kt) * kernel + kf;
        for (int i = 0; i < inPerGroup; i++) {
          sum += x[from + i] * weight[w + i * kernel * kernel];
        }
      }
    }
    return sum;
  }
}
