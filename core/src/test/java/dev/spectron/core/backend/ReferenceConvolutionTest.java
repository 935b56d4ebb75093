package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Convolutions by hand, and against their formula over zero-padded rows. */
class ReferenceConvolutionTest {
  private final ReferenceBackend reference = new ReferenceBackend();
  private final Backend backend = new CheckedBackend(reference);
  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void conv1dSlidesItsTapsOverValidFrames() {
    Tensor x = tensor(Shape.of(2, 4, 1), 1, 2, 3, 4, 5, 6, 99, 99);
    Weight weight = weight(Shape.of(1, 1, 3), 1, 10, 100);
    Weight bias = weight(Shape.of(1), 0.5);
    Conv1dSpec same = Conv1dSpec.same(3, 1, 1);
    try (Scope _ = backend.openScope()) {
      Tensor y = backend.conv1d(upload(x), weight, bias, same, Lengths.of(4, 2));
      isClose(y, 210.5, 321.5, 432.5, 43.5, 650.5, 65.5, 0, 0);
    }
  }

  @Test
  void causalConv1dSeesNoLaterFrame() {
    Tensor x = tensor(Shape.of(1, 4, 1), 1, 2, 3, 4);
    Weight weight = weight(Shape.of(1, 1, 2), 1, 10);
    try (Scope _ = backend.openScope()) {
      Tensor y =
          backend.conv1d(
              upload(x), weight, Weight.none(), Conv1dSpec.causal(2, 2, 1), Lengths.full(1, 4));
      isClose(y, 10, 20, 31, 42);
    }
  }

  @Test
  void conv1dEqualsItsFormula() {
    int in = 6;
    int out = 4;
    for (Conv1dSpec spec :
        new Conv1dSpec[] {
          Conv1dSpec.same(4, 3, 2), Conv1dSpec.causal(3, 2, 1), new Conv1dSpec(3, 2, 2, 1, 3, 2)
        }) {
      int perGroup = in / spec.groups();
      Tensor x = random(Shape.of(2, 9, in));
      Tensor w = random(Shape.of(out, perGroup, spec.kernelSize()));
      Tensor b = random(Shape.of(out));
      Lengths lengths = Lengths.of(9, 5);
      Lengths valid = lengths.map(spec::outputTime);
      double[] expected = new double[2 * spec.outputTime(9) * out];
      for (int row = 0; row < 2; row++) {
        for (int t = 0; t < valid.at(row); t++) {
          for (int o = 0; o < out; o++) {
            double sum = at(b, o);
            for (int i = 0; i < perGroup; i++) {
              for (int k = 0; k < spec.kernelSize(); k++) {
                int frame = t * spec.stride() + k * spec.dilation() - spec.padLeft();
                int channel = o / (out / spec.groups()) * perGroup + i;
                sum += padded(x, lengths, row, frame, channel) * at(w, o, i, k);
              }
            }
            expected[(row * spec.outputTime(9) + t) * out + o] = sum;
          }
        }
      }
      try (Scope _ = backend.openScope()) {
        Tensor y = backend.conv1d(upload(x), weight(w), weight(b), spec, lengths);
        assertThat(y.shape()).isEqualTo(Shape.of(2, spec.outputTime(9), out));
        isClose(y, expected);
      }
    }
  }

  @Test
  void convTranspose1dSpreadsEachFrame() {
    Tensor x = tensor(Shape.of(2, 2, 1), 1, 2, 3, 99);
    Weight weight = weight(Shape.of(1, 1, 3), 1, 10, 100);
    Weight bias = weight(Shape.of(1), 0.5);
    try (Scope _ = backend.openScope()) {
      Tensor uncut = backend.convTranspose1d(upload(x), weight, bias, 2, 0, Lengths.of(2, 1));
      isClose(uncut, 1.5, 10.5, 102.5, 20.5, 200.5, 3.5, 30.5, 300.5, 0, 0);
      Tensor cut = backend.convTranspose1d(upload(x), weight, bias, 2, 1, Lengths.of(2, 1));
      isClose(cut, 10.5, 102.5, 20.5, 30.5, 0, 0);
    }
  }

  @Test
  void convTranspose1dIsTheAdjointOfConv1d() {
    // ⟨conv(x), y⟩ = ⟨x, convTranspose(y)⟩ for the same taps, stride and padding.
    Tensor x = random(Shape.of(1, 11, 3));
    Conv1dSpec spec = new Conv1dSpec(5, 2, 1, 2, 2, 1);
    Tensor y = random(Shape.of(1, spec.outputTime(11), 4));
    Tensor w = random(Shape.of(4, 3, 5));
    try (Scope _ = backend.openScope()) {
      Tensor forward =
          backend.conv1d(upload(x), weight(w), Weight.none(), spec, Lengths.full(1, 11));
      Tensor back =
          backend.convTranspose1d(
              upload(y), weight(w), Weight.none(), 2, 2, Lengths.full(1, spec.outputTime(11)));
      assertThat(back.shape()).isEqualTo(x.shape());
      assertThat(dot(values(forward), values(y)))
          .as("seed " + seed)
          .isCloseTo(dot(values(x), values(back)), within(1e-10));
    }
  }

  @Test
  void conv2dEqualsItsFormula() {
    int in = 4;
    int out = 6;
    for (Conv2dSpec spec :
        new Conv2dSpec[] {
          new Conv2dSpec(3, 2, 1, 1), new Conv2dSpec(2, 1, 0, 2), new Conv2dSpec(3, 1, 2, 2)
        }) {
      int perGroup = in / spec.groups();
      Tensor x = random(Shape.of(2, 7, 5, in));
      Tensor w = random(Shape.of(out, perGroup, spec.kernelSize(), spec.kernelSize()));
      Tensor b = random(Shape.of(out));
      Lengths lengths = Lengths.of(7, 3);
      Shape shape = Shape.of(2, spec.outputTime(7), spec.outputFrequency(5), out);
      double[] expected = new double[shape.arrayLength()];
      for (int i = 0; i < expected.length; i++) {
        int o = i % out;
        int f = i / out % shape.size(2);
        int t = i / out / shape.size(2) % shape.size(1);
        int row = i / out / shape.size(2) / shape.size(1);
        if (t < spec.outputTime(lengths.at(row))) {
          expected[i] = at(b, o) + tapSum(x, w, spec, lengths, row, t, f, o);
        }
      }
      try (Scope _ = backend.openScope()) {
        Tensor y = backend.conv2d(upload(x), weight(w), weight(b), spec, lengths);
        assertThat(y.shape()).isEqualTo(shape);
        isClose(y, expected);
      }
    }
  }

  private static double tapSum(
      Tensor x, Tensor w, Conv2dSpec spec, Lengths lengths, int row, int t, int f, int o) {
    int perGroup = w.shape().size(1);
    double sum = 0;
    for (int i = 0; i < perGroup; i++) {
      for (int kt = 0; kt < spec.kernelSize(); kt++) {
        for (int kf = 0; kf < spec.kernelSize(); kf++) {
          int frame = t * spec.stride() + kt - spec.padding();
          int bin = f * spec.stride() + kf - spec.padding();
          int channel = o / (w.shape().size(0) / spec.groups()) * perGroup + i;
          if (frame >= 0 && frame < lengths.at(row) && bin >= 0 && bin < x.shape().size(2)) {
            sum += at(x, row, frame, bin, channel) * at(w, o, i, kt, kf);
          }
        }
      }
    }
    return sum;
  }

  private static double padded(Tensor x, Lengths lengths, int row, int frame, int channel) {
    return frame < 0 || frame >= lengths.at(row) ? 0 : at(x, row, frame, channel);
  }

  private static double at(Tensor x, int... index) {
    int flat = 0;
    for (int axis = 0; axis < index.length; axis++) {
      flat = flat * x.shape().size(axis) + index[axis];
    }
    return values(x)[flat];
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] values(Tensor x) {
    return x instanceof Host host ? host.values() : ReferenceTensor.of(x).values();
  }

  private void isClose(Tensor found, double... expected) {
    assertThat(reference.downloadDoubles(found))
        .as("seed " + seed)
        .containsExactly(expected, within(1e-11));
  }

  private Tensor random(Shape shape) {
    double[] values = new double[shape.arrayLength()];
    Arrays.setAll(values, _ -> random.nextGaussian());
    return new Host(shape, values);
  }

  private static Tensor tensor(Shape shape, double... values) {
    return new Host(shape, values);
  }

  private Tensor upload(Tensor x) {
    return reference.uploadDoubles(values(x), x.shape());
  }

  private Weight weight(Tensor x) {
    return weight(x.shape(), values(x));
  }

  private Weight weight(Shape shape, double... values) {
    return backend.weight(WeightData.of("weight", shape, values));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Host(Shape shape, double[] values) implements Tensor {}
}
