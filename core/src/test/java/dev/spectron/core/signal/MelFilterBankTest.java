package dev.spectron.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.ShapeException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MelFilterBankTest {
  @ParameterizedTest
  @CsvSource({
    "16000, 2048, 128, 20, 8000",
    "16000, 1024, 80, 0, 8000",
    "22050, 512, 40, 125.5, 7600",
    "8000, 64, 7, 0, 4000",
    "16000, 128, 64, 0, 8000"
  })
  void everyWeightIsTheTriangleFormula(int rate, int nFft, int nMels, double fMin, double fMax) {
    MelFilterBank bank = bank(rate, nFft, nMels, fMin, fMax);
    float[] found = bank.toArray();
    double low = 2595 * Math.log10(1 + fMin / 700);
    double high = 2595 * Math.log10(1 + fMax / 700);
    for (int m = 0; m < nMels; m++) {
      double[] edges = new double[3];
      for (int e = 0; e < 3; e++) {
        double mel = low + (high - low) * (m + e) / (nMels + 1);
        edges[e] = 700 * (Math.pow(10, mel / 2595) - 1);
      }
      for (int k = 0; k <= nFft / 2; k++) {
        double f = k * (double) rate / nFft;
        double up = (f - edges[0]) / (edges[1] - edges[0]);
        double down = (edges[2] - f) / (edges[2] - edges[1]);
        double expected = Math.max(0, Math.min(up, down));
        assertThat((double) found[m * bank.bins() + k])
            .as("filter %d, bin %d", m, k)
            .isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void applyIsTheProductWithTheFullMatrix() {
    MelFilterBank bank = new MelFilterBank(FeatureSpec.spectron());
    float[] matrix = bank.toArray();
    float[] magnitude = noise(3 * bank.bins());
    float[] mel = bank.apply(magnitude);
    assertThat(mel).hasSize(3 * 128);
    for (int t = 0; t < 3; t++) {
      for (int m = 0; m < 128; m++) {
        double sum = 0;
        for (int k = 0; k < bank.bins(); k++) {
          sum += (double) matrix[m * bank.bins() + k] * magnitude[t * bank.bins() + k];
        }
        assertThat((double) mel[t * 128 + m]).isCloseTo(sum, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16000, 256, 40, 20, 8000", "16000, 512, 128, 20, 8000", "16000, 128, 64, 0, 8000"})
  void pseudoInverseFulfilsPenroseConditions(
      int rate, int nFft, int nMels, double fMin, double fMax) {
    MelFilterBank bank = bank(rate, nFft, nMels, fMin, fMax);
    double[][] w = rows(bank.toArray(), nMels);
    double[][] inverse = rows(bank.pseudoInverse(), bank.bins());
    double[][] forth = product(w, inverse);
    assertThat(distance(product(forth, w), w)).isLessThan(1e-4);
    double[][] back = product(inverse, w);
    assertThat(distance(product(back, inverse), inverse)).isLessThan(1e-4);
    assertThat(distance(transposed(forth), forth)).isLessThan(1e-4);
    assertThat(distance(transposed(back), back)).isLessThan(1e-4);
  }

  @Test
  void pseudoInverseOfIndependentFiltersIsARightInverse() {
    MelFilterBank bank = new MelFilterBank(FeatureSpec.spectron());
    double[][] forth = product(rows(bank.toArray(), 128), rows(bank.pseudoInverse(), bank.bins()));
    for (int i = 0; i < 128; i++) {
      for (int j = 0; j < 128; j++) {
        assertThat(forth[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-5));
      }
    }
  }

  @Test
  void aBrokenFrameIsRefused() {
    MelFilterBank bank = new MelFilterBank(FeatureSpec.spectron());
    assertThatThrownBy(() -> bank.apply(new float[1026]))
        .isInstanceOf(ShapeException.class)
        .hasMessage("mel filter bank: expected a multiple of 1025 bins, found 1026 values");
  }

  private static MelFilterBank bank(int rate, int nFft, int nMels, double fMin, double fMax) {
    return new MelFilterBank(
        new FeatureSpec(rate, nFft, nFft, nFft / 4, nMels, fMin, fMax, 1e-5, Normalisation.none()));
  }

  private static float[] noise(int size) {
    Random random = new Random(11);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private static double[][] rows(float[] matrix, int count) {
    double[][] rows = new double[count][matrix.length / count];
    for (int i = 0; i < matrix.length; i++) {
      rows[i / rows[0].length][i % rows[0].length] = matrix[i];
    }
    return rows;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        for (int j = 0; j < b[0].length; j++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }

  private static double[][] transposed(double[][] a) {
    double[][] b = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        b[j][i] = a[i][j];
      }
    }
    return b;
  }

  /** ‖a − b‖ / ‖b‖. */
  private static double distance(double[][] a, double[][] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        difference += (a[i][j] - b[i][j]) * (a[i][j] - b[i][j]);
        norm += b[i][j] * b[i][j];
      }
    }
    return Math.sqrt(difference / norm);
  }
}
