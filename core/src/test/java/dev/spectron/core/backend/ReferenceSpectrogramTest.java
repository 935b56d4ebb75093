package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReferenceSpectrogramTest {
  private final ReferenceBackend reference = new ReferenceBackend();
  private final Backend backend = new CheckedBackend(reference);

  @Test
  void aSineOnABinFillsThatBinAndItsNeighbours() {
    double[] x = new double[64];
    Arrays.setAll(x, n -> Math.cos(2 * Math.PI * 4 * n / 16));
    double[] y = power(x, 16, 16, 8);
    // Away from the ends: the Hann window's transform is (N/4, N/2, N/4), halved by the cosine.
    double[] frame = Arrays.copyOfRange(y, 4 * 9, 5 * 9);
    double[] expected = {0, 0, 0, 4, 16, 4, 0, 0, 0};
    assertThat(frame).containsExactly(expected, within(1e-12));
  }

  @Test
  void aShortWindowStandsInTheMiddleOfTheFrame() {
    double[] x = new double[32];
    x[16] = 1;
    // An impulse under the window's centre has the power of the window's peak in every bin.
    double[] y = power(x, 16, 8, 16);
    assertThat(Arrays.copyOfRange(y, 9, 18))
        .containsExactly(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, within(1e-12));
    // Half a window away there is none of it.
    x[16] = 0;
    x[20] = 1;
    assertThat(power(x, 16, 8, 16)[9]).isCloseTo(0, within(1e-12));
  }

  @Test
  void theEndsAreMirrored() {
    double[] x = {1, 2, 3, 4, 5, 6};
    double[] mirrored = {5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2};
    double[] y = power(x, 8, 8, 2);
    assertThat(y).hasSize(4 * 5);
    for (int t = 0; t < 4; t++) {
      for (int bin = 0; bin < 5; bin++) {
        double real = 0;
        double imaginary = 0;
        for (int n = 0; n < 8; n++) {
          double hann = Math.pow(Math.sin(Math.PI * n / 8), 2);
          real += hann * mirrored[t * 2 + n] * Math.cos(2 * Math.PI * n * bin / 8);
          imaginary += hann * mirrored[t * 2 + n] * Math.sin(2 * Math.PI * n * bin / 8);
        }
        assertThat(y[t * 5 + bin])
            .as("frame " + t + ", bin " + bin)
            .isCloseTo(real * real + imaginary * imaginary, within(1e-10));
      }
    }
  }

  private double[] power(double[] x, int nFft, int winLength, int hopLength) {
    try (Scope _ = backend.openScope()) {
      Tensor samples = reference.uploadDoubles(x, Shape.of(1, x.length, 1));
      Tensor y = backend.powerSpectrogram(samples, nFft, winLength, hopLength);
      assertThat(y.shape()).isEqualTo(Shape.of(1, 1 + x.length / hopLength, nFft / 2 + 1));
      return reference.downloadDoubles(y);
    }
  }
}
