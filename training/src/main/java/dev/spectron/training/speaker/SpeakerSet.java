package dev.spectron.training.speaker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;

/**
 * What the trials of one set of speakers found.
 *
 * @param name of the set
 * @param speakers how many
 * @param same trials of one speaker
 * @param different trials of two
 * @param equalErrorRate with its 95 % interval, 0 to 1
 * @param threshold score at which both errors are equal
 * @param sameScore mean score of the trials of one speaker
 * @param differentScore mean score of the others
 * @param curve error rates at up to 200 thresholds
 */
public record SpeakerSet(
    String name,
    int speakers,
    int same,
    int different,
    Rate equalErrorRate,
    double threshold,
    double sameScore,
    double differentScore,
    List<Point> curve) {
  private static final int RESAMPLES = 500;
  private static final int SEED = 1;
  private static final int CURVE_POINTS = 200;

  /** Copies the list. */
  public SpeakerSet {
    curve = List.copyOf(curve);
  }

  /**
   * A share and how far it may be trusted.
   *
   * @param value 0 to 1
   * @param low lower end of its 95 % interval
   * @param high upper end
   */
  public record Rate(double value, double low, double high) {}

  /**
   * Error rates at one threshold.
   *
   * @param falseAcceptance share of the different speakers taken for one
   * @param falseRejection share of the same speakers taken for two
   */
  public record Point(double falseAcceptance, double falseRejection) {}

  static SpeakerSet of(String name, List<SpeakerTrials.Pair> pairs) {
    EqualErrorRate.Trial[] trials = trials(pairs, Map.of());
    EqualErrorRate found = EqualErrorRate.of(trials);
    List<String> speakers = speakers(pairs);
    int same = (int) pairs.stream().filter(SpeakerTrials.Pair::same).count();
    return new SpeakerSet(
        name,
        speakers.size(),
        same,
        pairs.size() - same,
        interval(found.rate(), pairs, speakers),
        found.threshold(),
        meanScore(pairs, true),
        meanScore(pairs, false),
        curve(trials));
  }

  /**
   * Speakers are drawn again and again with all their trials, as trials of one speaker are not
   * independent. Source: Bolle et al. 2004, "Error analysis of pattern recognition systems: the
   * subsets bootstrap".
   */
  private static Rate interval(double rate, List<SpeakerTrials.Pair> pairs, List<String> speakers) {
    RandomGenerator random = new Well19937c(SEED);
    double[] rates = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      Map<String, Integer> counts = new HashMap<>();
      while (counts.size() < 2) {
        counts.clear();
        for (int i = 0; i < speakers.size(); i++) {
          counts.merge(speakers.get(random.nextInt(speakers.size())), 1, Integer::sum);
        }
      }
      rates[resample] = EqualErrorRate.of(trials(pairs, counts)).rate();
    }
    return new Rate(rate, StatUtils.percentile(rates, 2.5), StatUtils.percentile(rates, 97.5));
  }

  /**
   * Trials weighted by how often their speakers were drawn.
   *
   * @param counts by speaker; empty for every speaker once
   */
  private static EqualErrorRate.Trial[] trials(
      List<SpeakerTrials.Pair> pairs, Map<String, Integer> counts) {
    return pairs.stream()
        .map(pair -> new EqualErrorRate.Trial(pair.score(), pair.same(), weight(pair, counts)))
        .filter(trial -> trial.weight() > 0)
        .toArray(EqualErrorRate.Trial[]::new);
  }

  private static double weight(SpeakerTrials.Pair pair, Map<String, Integer> counts) {
    if (counts.isEmpty()) {
      return 1;
    }
    int a = counts.getOrDefault(pair.a(), 0);
    return pair.same() ? a : (double) a * counts.getOrDefault(pair.b(), 0);
  }

  private static List<String> speakers(List<SpeakerTrials.Pair> pairs) {
    TreeSet<String> names = new TreeSet<>();
    for (SpeakerTrials.Pair pair : pairs) {
      names.add(pair.a());
      names.add(pair.b());
    }
    return List.copyOf(names);
  }

  private static double meanScore(List<SpeakerTrials.Pair> pairs, boolean same) {
    return pairs.stream()
        .filter(pair -> pair.same() == same)
        .mapToDouble(SpeakerTrials.Pair::score)
        .average()
        .orElseThrow();
  }

  private static List<Point> curve(EqualErrorRate.Trial[] trials) {
    EqualErrorRate.Operation[] operations = EqualErrorRate.operations(trials);
    List<Point> points = new ArrayList<>();
    int step = Math.ceilDiv(operations.length, CURVE_POINTS);
    for (int i = 0; i < operations.length; i += step) {
      points.add(new Point(operations[i].falseAcceptance(), operations[i].falseRejection()));
    }
    return points;
  }
}
