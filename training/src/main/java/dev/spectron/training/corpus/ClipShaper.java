package dev.spectron.training.corpus;

import dev.spectron.core.signal.Waveform;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Turns the sound of a synthesizer into a clip of the corpus: 16 kHz, trimmed, varied, levelled.
 */
final class ClipShaper {
  static final int SAMPLE_RATE = 16_000;

  private static final double SILENCE_BELOW_PEAK = 0.01; // −40 dB
  private static final double QUESTION_EDGE_SECONDS = 0.03;
  private static final double QUESTION_TAIL_SECONDS = 0.15;
  private static final double ANSWER_LEAD_SECONDS = 0.05;
  private static final double ANSWER_TRAIL_SECONDS = 0.1;
  private static final double COMMON_RMS = 0.07;
  private static final double LARGEST_PEAK = 0.95;

  private final SincInterpolator interpolator = new SincInterpolator();

  /** A question as a listener might hear it. */
  float[] question(Waveform spoken, Variation variation) {
    SplittableRandom random = new SplittableRandom(variation.seed());
    float[] speech =
        trim(atCorpusRate(spoken, variation.tract()), QUESTION_EDGE_SECONDS, QUESTION_EDGE_SECONDS);
    double speechPower = Effects.power(speech);
    float[] clip = pad(speech, samples(variation.leadSeconds()), samples(QUESTION_TAIL_SECONDS));
    float[] disturbed =
        switch (variation.condition()) {
          case CLEAN -> clip;
          case NOISE -> Effects.addNoise(clip, speechPower, random.nextDouble(15, 30), random);
          case HEAVY_NOISE -> Effects.addNoise(clip, speechPower, random.nextDouble(8, 15), random);
          case ROOM ->
              Effects.room(
                  clip, SAMPLE_RATE, random.nextDouble(0.1, 0.4), random.nextDouble(2, 10), random);
          case BAND -> Effects.bandLimit(clip, SAMPLE_RATE);
          case CLIPPED -> clipped(clip, random.nextDouble(0.2, 0.6) * peak(clip));
        };
    double gain = StrictMath.pow(10, variation.gainDb() / 20) * COMMON_RMS / Math.sqrt(speechPower);
    return scale(disturbed, Math.min(gain, LARGEST_PEAK / peak(disturbed)));
  }

  /** An answer as the model should speak it: the plain rendering, edges trimmed. */
  float[] answer(Waveform spoken) {
    return trim(atCorpusRate(spoken, 1), ANSWER_LEAD_SECONDS, ANSWER_TRAIL_SECONDS);
  }

  /**
   * Cuts the edges so that at most {@code lead} and {@code trail} seconds of near silence remain.
   */
  static float[] trim(float[] x, double lead, double trail) {
    double threshold = SILENCE_BELOW_PEAK * peak(x);
    int first = 0;
    while (first < x.length && Math.abs(x[first]) <= threshold) {
      first++;
    }
    int end = x.length;
    while (end > first && Math.abs(x[end - 1]) <= threshold) {
      end--;
    }
    return Arrays.copyOfRange(
        x, Math.max(0, first - samples(lead)), Math.min(x.length, end + samples(trail)));
  }

  static float peak(float[] x) {
    float peak = 0;
    for (float sample : x) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }

  private float[] atCorpusRate(Waveform spoken, double tract) {
    double step = spoken.sampleRate() * tract / SAMPLE_RATE;
    return step == 1 ? spoken.samples() : interpolator.resample(spoken.samples(), step);
  }

  private static float[] pad(float[] x, int before, int after) {
    float[] y = new float[before + x.length + after];
    System.arraycopy(x, 0, y, before, x.length);
    return y;
  }

  private static float[] clipped(float[] x, double limit) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) Math.clamp(x[i], -limit, limit);
    }
    return y;
  }

  private static float[] scale(float[] x, double gain) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) (x[i] * gain);
    }
    return y;
  }

  private static int samples(double seconds) {
    return (int) Math.round(seconds * SAMPLE_RATE);
  }
}
