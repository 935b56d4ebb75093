package dev.spectron.training.eval;

import dev.spectron.audio.PitchTrack;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How well the voice's pitch was kept, by YIN on both.
 *
 * @param voicing share of frames with a voice in one and none in the other: lost or invented
 *     periodicity
 * @param cents median difference where both have a voice, hundredths of a semitone; 0 if nowhere
 */
record PitchErrors(double voicing, double cents) {
  private static final double CENTS = 1200 / Math.log(2);

  /** Between speech and what was made of its spectrogram, frame by frame. */
  static PitchErrors between(PitchTrack speech, PitchTrack made) {
    int time = Math.min(speech.hertz().length, made.hertz().length);
    if (time == 0) {
      return new PitchErrors(0, 0);
    }
    long differ =
        IntStream.range(0, time)
            .filter(t -> (speech.hertz()[t] > 0) != (made.hertz()[t] > 0))
            .count();
    double[] cents =
        IntStream.range(0, time)
            .filter(t -> speech.hertz()[t] > 0 && made.hertz()[t] > 0)
            .mapToDouble(t -> Math.abs(CENTS * Math.log(made.hertz()[t] / speech.hertz()[t])))
            .sorted()
            .toArray();
    return new PitchErrors(differ / (double) time, cents.length == 0 ? 0 : median(cents));
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
