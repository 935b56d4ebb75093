package dev.spectron.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpectrogramLossTest {
  private static final int MELS = 5;
  private static final int REDUCTION = 3;
  private static final int[] STEPS = {4, 1};

  @ParameterizedTest
  @CsvSource({"3, 1", "0, 0", "1, 2", "20, 20"})
  void theTermsAreThoseOfTheEquation(int timeOrders, int frequencyOrders) {
    Random random = new Random(1);
    float[] predicted = noise(random);
    float[] target = noise(random);
    try (DjlBackend backend = DjlBackend.open(DjlOptions.answering().withThreads(1));
        Scope _ = backend.openScope()) {
      Shape shape = new Shape(STEPS.length, STEPS[0], REDUCTION * MELS);
      SpectrogramLoss.Terms terms =
          new SpectrogramLoss(timeOrders, frequencyOrders, MELS)
              .of(
                  backend.manager().create(predicted, shape),
                  backend.manager().create(target, shape),
                  Lengths.of(STEPS),
                  Lengths.of(STEPS));
      double frames = penalty(predicted, target, 0, 0);
      double overFrequency = 0;
      for (int k = 1; k <= frequencyOrders && k < MELS; k++) {
        overFrequency += penalty(predicted, target, 0, k);
      }
      double overTime = 0;
      for (int k = 1; k <= timeOrders && k < STEPS[0] * REDUCTION; k++) {
        overTime += penalty(predicted, target, k, 0);
      }
      assertThat(terms.frames().getFloat()).isCloseTo((float) frames, within(1e-5f));
      assertThat(terms.overFrequency().getFloat()).isCloseTo((float) overFrequency, within(1e-4f));
      assertThat(terms.overTime().getFloat()).isCloseTo((float) overTime, within(1e-4f));
      assertThat(terms.sum().getFloat())
          .isCloseTo((float) (frames + overFrequency + overTime), within(2e-4f));
    }
  }

  /** Mean of |d| + d² over all pairs of valid values, d the error less the error further on. */
  private static double penalty(float[] predicted, float[] target, int time, int bins) {
    double sum = 0;
    int count = 0;
    for (int row = 0; row < STEPS.length; row++) {
      for (int t = 0; t + time < STEPS[row] * REDUCTION; t++) {
        for (int bin = 0; bin + bins < MELS; bin++) {
          int here = (row * STEPS[0] * REDUCTION + t) * MELS + bin;
          int there = here + time * MELS + bins;
          double error = predicted[here] - target[here];
          double d = here == there ? error : error - (predicted[there] - target[there]);
          sum += Math.abs(d) + d * d;
          count++;
        }
      }
    }
    return sum / Math.max(1, count);
  }

  private static float[] noise(Random random) {
    float[] values = new float[STEPS.length * STEPS[0] * REDUCTION * MELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
