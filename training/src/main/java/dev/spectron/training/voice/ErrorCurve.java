package dev.spectron.training.voice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores of frames that are known to be speech or noise, and the errors of any threshold. */
final class ErrorCurve {
  private static final int POINTS = 200;
  private static final int FIRST = 1 << 12;

  private double[] speech = new double[FIRST];
  private double[] noise = new double[FIRST];
  private int speechCount;
  private int noiseCount;

  /**
   * Errors at one threshold.
   *
   * @param threshold frames above it are taken for speech
   * @param falseAlarms share of the noise taken for speech
   * @param misses share of the speech taken for noise
   */
  record Point(double threshold, double falseAlarms, double misses) {}

  void add(boolean isSpeech, double score) {
    if (isSpeech) {
      speech = speechCount == speech.length ? Arrays.copyOf(speech, 2 * speechCount) : speech;
      speech[speechCount++] = score;
    } else {
      noise = noiseCount == noise.length ? Arrays.copyOf(noise, 2 * noiseCount) : noise;
      noise[noiseCount++] = score;
    }
  }

  int speechCount() {
    return speechCount;
  }

  int noiseCount() {
    return noiseCount;
  }

  /** Errors at a threshold. */
  Point at(double threshold) {
    return at(sorted(speech, speechCount), sorted(noise, noiseCount), threshold);
  }

  /** Errors at thresholds that divide the scores of noise, and those of speech, evenly. */
  List<Point> curve() {
    double[] ofSpeech = sorted(speech, speechCount);
    double[] ofNoise = sorted(noise, noiseCount);
    double[] thresholds = new double[2 * POINTS];
    for (int i = 0; i < POINTS; i++) {
      thresholds[i] = ofSpeech[(int) ((long) i * (speechCount - 1) / (POINTS - 1))];
      thresholds[POINTS + i] = ofNoise[(int) ((long) i * (noiseCount - 1) / (POINTS - 1))];
    }
    Arrays.sort(thresholds);
    List<Point> points = new ArrayList<>();
    for (double threshold : thresholds) {
      points.add(at(ofSpeech, ofNoise, threshold));
    }
    return points;
  }

  /** Errors where the false alarms are at most this share, and the misses as few as can be. */
  Point withFalseAlarms(double share) {
    double[] ofNoise = sorted(noise, noiseCount);
    int kept = (int) Math.ceil((1 - share) * noiseCount) - 1;
    return at(sorted(speech, speechCount), ofNoise, ofNoise[kept]);
  }

  private static Point at(double[] speech, double[] noise, double threshold) {
    return new Point(
        threshold,
        1 - upTo(noise, threshold) / (double) noise.length,
        upTo(speech, threshold) / (double) speech.length);
  }

  /** How many values are at most this. */
  private static int upTo(double[] sorted, double threshold) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double[] sorted(double[] values, int count) {
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
