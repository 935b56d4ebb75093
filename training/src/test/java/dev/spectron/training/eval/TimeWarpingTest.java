package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeWarpingTest {
  private static final int N_MELS = 3;

  @Test
  void slowerSpeechIsTheSameSpeech() {
    LogMel speech = logMel(1, 2, 3, 4);
    assertThat(TimeWarping.distance(speech, speech)).isZero();
    assertThat(TimeWarping.distance(speech, logMel(1, 1, 2, 3, 3, 3, 4))).isZero();
  }

  @Test
  void aShiftOfEveryValueIsTheDistance() {
    assertThat(TimeWarping.distance(logMel(5), logMel(2, 2))).isEqualTo(3);
    assertThat(TimeWarping.distance(logMel(1, 2), logMel(11, 12))).isEqualTo(10);
  }

  @Test
  void noOtherPathIsCheaper() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int trial = 0; trial < 50; trial++) {
      LogMel first = random(random, 1 + random.nextInt(5));
      LogMel second = random(random, 1 + random.nextInt(5));
      double[] best = cheapest(first, second, 0, 0);
      assertThat(TimeWarping.distance(first, second))
          .as("seed %d, trial %d", seed, trial)
          .isCloseTo(best[0] / best[1], within(1e-6));
    }
  }

  @Test
  void nothingIsNoDistanceAndOtherBinsAreRefused() {
    assertThat(TimeWarping.distance(logMel(), logMel(1))).isZero();
    LogMel other = new LogMel(new float[4], spec(2));
    assertThatThrownBy(() -> TimeWarping.distance(logMel(1), other))
        .isInstanceOf(ShapeException.class)
        .hasMessage("time warping: expected 3 mel bins on both sides, found 2");
  }

  /** Cost and length of the cheapest path from here, over every path. */
  private static double[] cheapest(LogMel first, LogMel second, int i, int j) {
    double here = 0;
    for (int k = 0; k < N_MELS; k++) {
      here += Math.abs(first.frames()[i * N_MELS + k] - second.frames()[j * N_MELS + k]) / N_MELS;
    }
    double[] best = {Double.POSITIVE_INFINITY, 0};
    for (int[] step : new int[][] {{1, 0}, {0, 1}, {1, 1}}) {
      if (i + step[0] < first.time() && j + step[1] < second.time()) {
        double[] rest = cheapest(first, second, i + step[0], j + step[1]);
        best = rest[0] < best[0] ? rest : best;
      }
    }
    boolean last = i == first.time() - 1 && j == second.time() - 1;
    return last ? new double[] {here, 1} : new double[] {here + best[0], 1 + best[1]};
  }

  private static LogMel random(Random random, int time) {
    float[] frames = new float[time * N_MELS];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = random.nextFloat();
    }
    return new LogMel(frames, spec(N_MELS));
  }

  private static LogMel logMel(float... values) {
    float[] frames = new float[values.length * N_MELS];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = values[i / N_MELS];
    }
    return new LogMel(frames, spec(N_MELS));
  }

  private static FeatureSpec spec(int nMels) {
    return new FeatureSpec(16_000, 512, 400, 200, nMels, 20, 8000, 1e-3, Normalisation.none());
  }
}
