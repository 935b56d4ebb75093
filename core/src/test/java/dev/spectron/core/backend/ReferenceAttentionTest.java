package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Attention against an explicit softmax over explicit scores. */
class ReferenceAttentionTest {
  private static final int TIME = 6;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int DIM = 4;

  private final ReferenceBackend reference = new ReferenceBackend();
  private final Backend backend = new CheckedBackend(reference);
  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);
  private final double[] q = gaussian(TIME * HEADS * DIM);
  private final double[] k = gaussian(TIME * KV_HEADS * DIM);
  private final double[] v = gaussian(TIME * KV_HEADS * DIM);

  @Test
  void equalScoresAverageTheValuesSeen() {
    AttentionSpec spec = AttentionSpec.of(1, 1, 2, new AttentionMask.Causal());
    try (Scope _ = backend.openScope()) {
      Tensor zeros = reference.uploadDoubles(new double[6], Shape.of(1, 3, 2));
      Tensor values = reference.uploadDoubles(new double[] {2, 0, 4, 6, 9, 3}, Shape.of(1, 3, 2));
      Tensor y =
          backend.attention(
              zeros,
              zeros,
              values,
              spec,
              new Position.None(),
              Lengths.full(1, 3),
              KvCache.Layer.none());
      assertThat(reference.downloadDoubles(y))
          .containsExactly(new double[] {2, 0, 3, 3, 5, 3}, within(1e-14));
    }
  }

  @Test
  void scoresAreScaledProducts() {
    isSoftmaxOf(new Position.None(), (h, i, j) -> dot(query(h, i), key(h, j)));
  }

  @Test
  void rotaryTurnsThePairsOfQueryAndKeyByTheirDistance() {
    RotaryScaling scaling = new RotaryScaling.LinearFactor(2);
    // Pairs (0, 2) and (1, 3) turn by 1/2 and 1/200 radians a position.
    isSoftmaxOf(
        new Position.Rotary(4, 10000, scaling),
        (h, i, j) -> turned(h, i, j, 0, 2, 0.5) + turned(h, i, j, 1, 3, 0.5 / 100));
  }

  @Test
  void partialRotaryLeavesTheRestAlone() {
    isSoftmaxOf(
        new Position.Rotary(2, 10000, new RotaryScaling.None()),
        (h, i, j) ->
            turned(h, i, j, 0, 1, 1)
                + query(h, i)[2] * key(h, j)[2]
                + query(h, i)[3] * key(h, j)[3]);
  }

  /** q·k of the pair (a, b) with the key turned back by the distance: Re(q·conj(k)·e^{ωΔ}). */
  private double turned(int h, int i, int j, int a, int b, double frequency) {
    double[] x = query(h, i);
    double[] y = key(h, j);
    double angle = (i - j) * frequency;
    double real = x[a] * y[a] + x[b] * y[b];
    double imaginary = x[b] * y[a] - x[a] * y[b];
    return real * Math.cos(angle) - imaginary * Math.sin(angle);
  }

  @Test
  void transformerXlAddsBiasesAndProjectedSinusoids() {
    int dModel = 6;
    double[] projection = gaussian(HEADS * DIM * dModel);
    double[] u = gaussian(HEADS * DIM);
    double[] bias = gaussian(HEADS * DIM);
    Position position =
        new Position.TransformerXl(
            weight("projection", Shape.of(HEADS * DIM, dModel), projection),
            weight("u", Shape.of(HEADS, DIM), u),
            weight("v", Shape.of(HEADS, DIM), bias));
    isSoftmaxOf(
        position,
        (h, i, j) -> {
          double score = 0;
          for (int c = 0; c < DIM; c++) {
            double r = 0;
            for (int m = 0; m < dModel; m++) {
              double angle = (i - j) / Math.pow(10000, (m / 2 * 2) / (double) dModel);
              double wave = m % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
              r += projection[(h * DIM + c) * dModel + m] * wave;
            }
            score += (query(h, i)[c] + u[h * DIM + c]) * key(h, j)[c];
            score += (query(h, i)[c] + bias[h * DIM + c]) * r;
          }
          return score;
        });
  }

  @Test
  void shawAddsOneLearnedKeyPerClippedDistance() {
    double[] distances = gaussian(4 * DIM);
    Position position = new Position.Shaw(weight("distances", Shape.of(4, DIM), distances), 2, 1);
    // Distances j − i of −2 and less, −1, 0, 1 and more.
    isSoftmaxOf(
        position,
        (h, i, j) -> {
          int row = j - i <= -2 ? 0 : j - i >= 1 ? 3 : j - i + 2;
          double[] learned = Arrays.copyOfRange(distances, row * DIM, (row + 1) * DIM);
          return dot(query(h, i), key(h, j)) + dot(query(h, i), learned);
        });
  }

  @Test
  void llama3ScalingKeepsShortAndStretchesLongWavelengths() {
    RotaryScaling scaling = new RotaryScaling.Llama3(8, 1, 4, 8192);
    assertThat(scaling.apply(1)).isEqualTo(1);
    double longWave = 2 * Math.PI / 10000;
    assertThat(scaling.apply(longWave)).isEqualTo(longWave / 8);
    // 8192 / wavelength = 2 lies a third of the way from 1 to 4.
    double between = 2 * Math.PI / 4096;
    assertThat(scaling.apply(between)).isCloseTo(2 / 3. * between / 8 + between / 3, within(1e-18));
  }

  @Test
  void framesPastTheLengthAreNeitherSeenNorWritten() {
    AttentionSpec spec = AttentionSpec.of(HEADS, KV_HEADS, DIM, new AttentionMask.Full());
    double[] padded = attend(spec, new Position.None(), Lengths.full(1, TIME).map(_ -> 4));
    assertThat(Arrays.copyOfRange(padded, 4 * HEADS * DIM, padded.length)).containsOnly(0);
    double[] expected =
        softmaxOf(spec.scale(), 4, (h, i, j) -> dot(query(h, i), key(h, j)), (_, _) -> true);
    assertThat(Arrays.copyOf(padded, 4 * HEADS * DIM)).containsExactly(expected, within(1e-12));
  }

  private void isSoftmaxOf(Position position, Score score) {
    AttentionSpec full = AttentionSpec.of(HEADS, KV_HEADS, DIM, new AttentionMask.Full());
    AttentionSpec causal =
        new AttentionSpec(HEADS, KV_HEADS, DIM, 0.7f, new AttentionMask.Causal());
    assertThat(attend(full, position, Lengths.full(1, TIME)))
        .as("seed " + seed)
        .containsExactly(softmaxOf(0.5f, TIME, score, (_, _) -> true), within(1e-12));
    assertThat(attend(causal, position, Lengths.full(1, TIME)))
        .as("seed " + seed)
        .containsExactly(softmaxOf(0.7f, TIME, score, (i, j) -> j <= i), within(1e-12));
  }

  private double[] attend(AttentionSpec spec, Position position, Lengths lengths) {
    try (Scope _ = backend.openScope()) {
      Tensor y =
          backend.attention(
              reference.uploadDoubles(q, Shape.of(1, TIME, HEADS * DIM)),
              reference.uploadDoubles(k, Shape.of(1, TIME, KV_HEADS * DIM)),
              reference.uploadDoubles(v, Shape.of(1, TIME, KV_HEADS * DIM)),
              spec,
              position,
              lengths,
              KvCache.Layer.none());
      return reference.downloadDoubles(y);
    }
  }

  private double[] softmaxOf(float scale, int time, Score score, Seen seen) {
    double[] y = new double[time * HEADS * DIM];
    for (int h = 0; h < HEADS; h++) {
      for (int i = 0; i < time; i++) {
        double total = 0;
        for (int j = 0; j < time; j++) {
          total += seen.test(i, j) ? Math.exp(scale * score.of(h, i, j)) : 0;
        }
        for (int j = 0; j < time; j++) {
          double share = seen.test(i, j) ? Math.exp(scale * score.of(h, i, j)) / total : 0;
          for (int c = 0; c < DIM; c++) {
            y[(i * HEADS + h) * DIM + c] += share * value(h, j)[c];
          }
        }
      }
    }
    return y;
  }

  private double[] query(int head, int frame) {
    return slice(q, frame * HEADS + head);
  }

  /** Query heads 0 and 1 share key head 0, heads 2 and 3 key head 1. */
  private double[] key(int head, int frame) {
    return slice(k, frame * KV_HEADS + head / 2);
  }

  private double[] value(int head, int frame) {
    return slice(v, frame * KV_HEADS + head / 2);
  }

  private static double[] slice(double[] x, int index) {
    return Arrays.copyOfRange(x, index * DIM, (index + 1) * DIM);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private double[] gaussian(int size) {
    double[] values = new double[size];
    Arrays.setAll(values, _ -> random.nextGaussian());
    return values;
  }

  private Weight weight(String path, Shape shape, double[] values) {
    return backend.weight(WeightData.of(path, shape, values));
  }

  private interface Score {
    double of(int head, int query, int key);
  }

  private interface Seen {
    boolean test(int query, int key);
  }
}
