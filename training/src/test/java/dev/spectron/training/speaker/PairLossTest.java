package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairLossTest {
  private static final double SCALE = 7;
  private static final double MARGIN = 0.2;

  @ParameterizedTest
  @CsvSource({"2, 2, 3", "5, 2, 4", "3, 4, 7"})
  void itIsTheSumThatThePaperWrites(int speakers, int crops, int dim) {
    float[][] embeddings = unitVectors(speakers * crops, dim);
    boolean[] unclear = new boolean[speakers * speakers];
    unclear[1] = true; // speaker 1 does not push speaker 0 away
    float[] flat = new float[speakers * crops * dim];
    for (int row = 0; row < embeddings.length; row++) {
      System.arraycopy(embeddings[row], 0, flat, row * dim, dim);
    }
    try (DjlBackend backend = DjlBackend.open(DjlOptions.training(1).withThreads(1));
        Scope _ = backend.openScope()) {
      PairLoss.Result result =
          new PairLoss(backend, SCALE, MARGIN)
              .of(
                  backend.array(backend.upload(flat, Shape.of(speakers * crops, 1, dim))),
                  crops,
                  unclear);
      assertThat(result.mean().getFloat())
          .isCloseTo((float) slow(embeddings, crops, unclear), within(1e-4f));
      assertThat(result.accuracy()).isBetween(0.0, 1.0);
    }
  }

  private static double slow(float[][] embeddings, int crops, boolean[] unclear) {
    int speakers = embeddings.length / crops;
    double sum = 0;
    for (int row = 0; row < embeddings.length; row++) {
      double own = 0;
      double all = 0;
      for (int k = 0; k < speakers; k++) {
        if (unclear[row / crops * speakers + k]) {
          continue;
        }
        double[] mean = new double[embeddings[0].length];
        for (int other = k * crops; other < (k + 1) * crops; other++) {
          for (int i = 0; i < mean.length && other != row; i++) {
            mean[i] += embeddings[other][i];
          }
        }
        boolean isOwn = k == row / crops;
        double logit = SCALE * (cosine(embeddings[row], mean) - (isOwn ? MARGIN : 0));
        own = isOwn ? logit : own;
        all += Math.exp(logit);
      }
      sum += Math.log(all) - own;
    }
    return sum / embeddings.length;
  }

  private static double cosine(float[] a, double[] b) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < b.length; i++) {
      product += a[i] * b[i];
      square += b[i] * b[i];
    }
    return product / Math.sqrt(square);
  }

  private static float[][] unitVectors(int count, int dim) {
    SplittableRandom random = new SplittableRandom(count);
    float[][] vectors = new float[count][dim];
    for (float[] vector : vectors) {
      double square = 0;
      for (int i = 0; i < dim; i++) {
        vector[i] = (float) (2 * random.nextDouble() - 1);
        square += vector[i] * vector[i];
      }
      for (int i = 0; i < dim; i++) {
        vector[i] /= (float) Math.sqrt(square);
      }
    }
    return vectors;
  }
}
