package dev.spectron.lm;

import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Chooses the next token from its logits: greedy, or by temperature and top-p (Holtzman et al.
 * 2020, arXiv 1904.09751).
 *
 * @param options how to choose
 * @param random source of chance; unused when greedy
 */
public record Sampler(SamplingOptions options, RandomGenerator random) {
  /**
   * One token id.
   *
   * @param logits {@code [vocabulary]}
   */
  public int sample(float[] logits) {
    return options.temperature() == 0 ? argmax(logits) : draw(probabilities(logits));
  }

  /** Index of the largest value; the first of equals. */
  static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private double[] probabilities(float[] logits) {
    double max = logits[argmax(logits)];
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp((logits[i] - max) / options.temperature());
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private int draw(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int kept = 0;
    double mass = 0;
    while (kept < order.length && mass < options.topP()) {
      mass += p[order[kept++]];
    }
    double target = random.nextDouble() * mass;
    for (int i = 0; i < kept; i++) {
      target -= p[order[i]];
      if (target < 0) {
        return order[i];
      }
    }
    return order[kept - 1];
  }
}
