package dev.spectron.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FftTest {
  private static final long SEED = 20_260_101;

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})
  void forwardIsTheSumOfItsDefinition(int size) {
    float[] time = noise(size);
    Fft fft = new Fft(size);
    float[] re = poisoned(fft.bins());
    float[] im = poisoned(fft.bins());
    fft.forward(time, re, im, fft.workspace());
    for (int k = 0; k < fft.bins(); k++) {
      double sumRe = 0;
      double sumIm = 0;
      for (int t = 0; t < size; t++) {
        double angle = 2 * Math.PI * ((long) k * t % size) / size;
        sumRe += time[t] * Math.cos(angle);
        sumIm -= time[t] * Math.sin(angle);
      }
      assertThat((double) re[k]).as("re[%d] seed %d", k, SEED).isCloseTo(sumRe, bound(size));
      assertThat((double) im[k]).as("im[%d] seed %d", k, SEED).isCloseTo(sumIm, bound(size));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 256, 512, 1024, 2048, 4096, 1 << 16})
  void forwardAgreesWithCommonsMath(int size) {
    float[] time = noise(size);
    double[] doubles = new double[size];
    for (int t = 0; t < size; t++) {
      doubles[t] = time[t];
    }
    Complex[] expected =
        new FastFourierTransformer(DftNormalization.STANDARD)
            .transform(doubles, TransformType.FORWARD);
    Fft fft = new Fft(size);
    float[] re = poisoned(fft.bins());
    float[] im = poisoned(fft.bins());
    fft.forward(time, re, im, fft.workspace());
    for (int k = 0; k < fft.bins(); k++) {
      assertThat((double) re[k]).isCloseTo(expected[k].getReal(), bound(size));
      assertThat((double) im[k]).isCloseTo(expected[k].getImaginary(), bound(size));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 32, 256, 512, 2048, 1 << 15})
  void inverseUndoesForward(int size) {
    float[] time = noise(size);
    Fft fft = new Fft(size);
    float[] re = poisoned(fft.bins());
    float[] im = poisoned(fft.bins());
    float[] back = poisoned(size);
    Fft.Workspace workspace = fft.workspace();
    fft.forward(time, re, im, workspace);
    fft.inverse(re, im, back, workspace);
    for (int t = 0; t < size; t++) {
      assertThat(back[t]).as("sample %d seed %d", t, SEED).isCloseTo(time[t], within(2e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 512, 2048})
  void energyIsTheSameInBothDomains(int size) {
    float[] time = noise(size);
    Fft fft = new Fft(size);
    float[] re = new float[fft.bins()];
    float[] im = new float[fft.bins()];
    fft.forward(time, re, im, fft.workspace());
    double inTime = 0;
    for (float x : time) {
      inTime += (double) x * x;
    }
    double inFrequency = 0;
    for (int k = 0; k < fft.bins(); k++) {
      double power = (double) re[k] * re[k] + (double) im[k] * im[k];
      inFrequency += k == 0 || k == size / 2 ? power : 2 * power;
    }
    assertThat(inFrequency / size)
        .isCloseTo(inTime, org.assertj.core.api.Assertions.within(1e-5 * inTime));
  }

  @ParameterizedTest
  @ValueSource(ints = {-8, 0, 1, 3, 1000, (1 << 24) + 1, 1 << 25})
  void sizesThatAreNoPowerOfTwoAreRefused(int size) {
    assertThatThrownBy(() -> new Fft(size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("fft: expected a power of two from 2 to 16777216, found size " + size);
  }

  /** The error of a transform grows with the norm of its input, √size here. */
  private static org.assertj.core.data.Offset<Double> bound(int size) {
    return org.assertj.core.api.Assertions.within(
        1e-6 * Math.sqrt(size) * Math.max(1, Math.log(size)));
  }

  private static org.assertj.core.data.Offset<Float> within(float bound) {
    return org.assertj.core.api.Assertions.within(bound);
  }

  private static float[] noise(int size) {
    Random random = new Random(SEED + size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] poisoned(int size) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, Float.NaN);
    return values;
  }
}
